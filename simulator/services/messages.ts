import { readMessage } from "../../local/slack/slack-rules.ts";
import type { ReceivedCall } from "../environment.ts";
import { ServiceError } from "../faults.ts";
import type { Json, World } from "../world.ts";

/** A message that people see. */
export interface Shown {
  /** Epoch milliseconds at which the request left. */
  readonly sentAt: number;
  readonly text: string;
  readonly byEmail?: boolean;
}
type Show = (message: Shown) => void;

export interface SlackAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const limited = (seconds: number): SlackAnswer => ({
  status: 429,
  body: "rate_limited",
  headers: { "retry-after": `${seconds}` },
});

/** Answers that prove nothing: Slack, or a proxy before it, may have shown the message. */
export const uncertainAnswers: readonly SlackAnswer[] = [
  { status: 500, body: "fatal_error" },
  { status: 500, body: "internal_error" },
  { status: 502, body: "<html>Bad Gateway</html>" },
  { status: 503, body: "upstream connect error or disconnect" },
  { status: 408, body: "" },
];
/** Answers that prove that nobody saw the message. */
export const certainRefusals: readonly SlackAnswer[] = [limited(1), limited(30), { status: 500, body: "rollup_error" }];
/** The answer after somebody removed the webhook. */
export const accessRefused: SlackAnswer = { status: 404, body: "no_service" };

/** Messages that a webhook takes at once; after them it takes one a second. */
const burst = 3;

/** Slack's webhooks: their rate, and Block Kit's limits. */
export function createSlack({ clock }: World, show: Show) {
  const webhooks = new Map<unknown, { readonly free: number; readonly at: number }>();
  return ({ input: { url, body }, sentAt }: ReceivedCall): Json => {
    const { free: before, at } = webhooks.get(url) ?? { free: burst, at: 0 };
    const free = Math.min(burst, before + (clock.now() - at) / 1000);
    const read = readMessage(String(body));
    if ("refusal" in read) return { ...read.refusal };
    if (free < 1) return { ...limited(1) };
    webhooks.set(url, { free: free - 1, at: clock.now() });
    show({ sentAt, text: String(body) });
    return { status: 200, body: "ok" };
  };
}

/** What a post shows if it is taken; undefined for any other call. */
export const textOf = ({ operation, input }: Pick<ReceivedCall, "operation" | "input">): string | undefined => {
  if (operation === "PostMessage") return String(input.body);
  return operation === "SendEmail" ? (input as unknown as SendEmail).Content.Simple.Body.Text.Data : undefined;
};

interface SendEmail {
  readonly Content: {
    readonly Simple: {
      readonly Body: { readonly Text: { readonly Data: string } };
      readonly Headers: readonly { readonly Value: string }[];
    };
  };
}

/** Characters of a header's value. https://docs.aws.amazon.com/ses/latest/dg/header-fields.html */
const headerLimit = 870;

/** SES: it takes emails whose headers are short enough, and nobody is on the suppression list. */
export function createSes(world: World, show: Show) {
  return ({ operation, input, sentAt }: ReceivedCall): Json => {
    if (operation === "GetSuppressedDestination") throw new ServiceError("NotFoundException", 404);
    const { Body, Headers } = (input as unknown as SendEmail).Content.Simple;
    if (Headers.some(({ Value }) => Value.length > headerLimit)) throw new ServiceError("BadRequestException");
    show({ sentAt, text: Body.Text.Data, byEmail: true });
    return { MessageId: world.newId("email") };
  };
}
