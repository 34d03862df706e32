import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelTools } from "../../../functions/notify/channels/channel.ts";
import { emailDeclaration } from "../../../functions/notify/channels/email/declaration.ts";
import { createAnnouncingChannel } from "../../../functions/notify/open-channels.ts";
import { MissingSettingError } from "../../../functions/runtime/settings.ts";
import { failureOf } from "../../helpers/failure.ts";
import { recordedLog } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";

const declaration = { ...emailDeclaration, variables: { A: "text", B: "json" } } as const;

function setUp(undeclared?: string) {
  const read: string[] = [];
  const opened: ChannelTools[] = [];
  const tools = { secret: async () => "", log: recordedLog() };
  const channel = createAnnouncingChannel(
    {
      declaration,
      open: async (given) => {
        opened.push(given);
        if (undeclared) given.variable(undeclared);
        return {
          patienceMilliseconds: 7000,
          post: async () => ({ status: "delivered", messageId: given.variable("B") }),
        };
      },
    },
    tools,
    (name, kind) => {
      read.push(`${kind} ${name}`);
      return `value of ${name}`;
    },
  );
  return { channel, read, opened, tools };
}

const channels = suite("announcing channel");

channels("reads its variables at once, and opens with the first message and only once", async () => {
  const { channel, read, opened } = setUp();
  assert.equal([read, opened.length], [["text A", "json B"], 0]);
  const [open, again] = [await channel.open(), await channel.open()];
  assert.equal([opened.length, read.length, open === again], [1, 2, true]);
  assert.is(channel.declaration, declaration);
});

channels("passes on the channel's own code, its tools and its variables", async () => {
  const { channel, opened, tools } = setUp();
  const { patienceMilliseconds, post } = await channel.open();
  const leads = [{ lead: enrichedLead(), mayBeRepeat: false }] as const;
  assert.equal(
    [patienceMilliseconds, await post({ destination: "sales", leads })],
    [7000, { status: "delivered", messageId: "value of B" }],
  );
  assert.equal([opened[0]?.secret, opened[0]?.log], [tools.secret, tools.log]);
});

channels("throws for a variable that the channel does not declare", async () => {
  const error = await failureOf(setUp("C").channel.open());
  assert.instance(error, MissingSettingError);
  assert.match(error.message, "C is not declared by the channel email");
});

channels.run();
