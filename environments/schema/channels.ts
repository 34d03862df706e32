import { mapValues, pick } from "es-toolkit/object";
import { type AnySchema, array, object, string } from "yup";
import type { ChannelDeclaration } from "../../functions/notify/channels/declaration.ts";
import {
  type ChannelName,
  type ChosenChannels,
  channelNames,
  channels,
  defaultChannels,
  isWebhookChannel,
} from "../../functions/notify/channels/index.ts";
import { rule, text, wholeNumber } from "./rules.ts";
import { settingSchema } from "./sources.ts";

const link = "docs/tuning.md#channels";

const about = {
  bound: `one or more of ${channelNames.filter(isWebhookChannel).join(", ")}, each once, and then email`,
  meaning: `Channels in the order in which they are tried, see [Channels](#channels). Unset, they are ${defaultChannels.join(", then ")}.`,
  reason:
    "The first channel needs destinations for the routes. Every environment has an email sender, for the last one.",
  link,
};

/** Which channels announce leads, in the order in which they are tried. */
export const chosenChannels = array()
  .of(string<ChannelName>().required())
  .test(
    rule<readonly string[]>(about, (names) => {
      const chats = names.slice(0, -1);
      const areChats = chats.length > 0 && chats.every(isWebhookChannel);
      return areChats && names.at(-1) === "email" && new Set(names).size === names.length;
    }),
  )
  .meta({ allowed: about.bound, meaning: about.meaning });

/** The channels of an environment, or the default ones if what it chooses is no list of channels. */
export const channelsOrDefault = (chosen: unknown): ChosenChannels =>
  chosen !== undefined && chosenChannels.isValidSync(chosen, { strict: true })
    ? (chosen as unknown as ChosenChannels)
    : defaultChannels;

const destination = text(
  {
    bound: "a name that matches ^[a-z][a-z0-9-]{0,30}$",
    meaning: "Channel of every lead that no route takes.",
    reason: "It is part of the name of the SSM parameter with the channel's webhook.",
    link,
  },
  /^[a-z][a-z0-9-]{0,30}$/,
);

const route = object({
  channel: destination,
  when: object({
    countries: array().of(string().required()),
    sources: array().of(string().required()),
    leastScore: wholeNumber(1, 100, {
      meaning: "Smallest score that a lead needs.",
      reason: "A score is 0 to 100, and every lead has at least 0.",
      link,
    }).optional(),
    leastEmployees: wholeNumber(1, 10_000_000, {
      meaning: "Smallest number of employees that the lead's company needs.",
      reason: "Every company has at least 0 employees.",
      link,
    }).optional(),
  })
    .noUnknown()
    .required(),
}).noUnknown();

const routingSettings = {
  defaultChannel: destination,
  routes: array().of(route).required().meta({
    allowed: "a list of `channel` and `when`, see [Channels](#channels)",
    meaning: "Tried in their order. The first route whose conditions hold takes the lead.",
  }),
};

/** Which destination gets which lead, among the settings of the first channel. */
export const routing = object(routingSettings);

/** The schema of the settings of a channel of webhooks. The first one has the routes, and the others follow them. */
const webhookSettings = ({ title, webhooks }: ChannelDeclaration, isFirst: boolean): AnySchema =>
  object({
    ...(isFirst && routingSettings),
    patienceSeconds: wholeNumber(0, 15, {
      meaning: `Seconds for which a 429 of ${title} is waited out before the next channel gets the leads.`,
      reason: "Afterwards notify needs time for the next channel, within its timeout.",
      link,
    }),
    ...mapValues(webhooks?.settings ?? {}, (setting) => settingSchema(setting, link)),
  })
    .noUnknown()
    .required();

/** The schema of the settings of each channel of webhooks that an environment chose, by the channel's name. */
export const webhookChannels = (chosen: readonly string[]) =>
  mapValues(pick(channels, chosen.filter(isWebhookChannel)), ({ declaration }, name) =>
    webhookSettings(declaration, name === chosen[0]),
  );
