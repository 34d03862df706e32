import type { QueuedMessage } from "local-aws";

const leadId = /(?<![\w-])[a-z][a-z0-9-]*-[0-9a-f]{32}(?![0-9a-f-])/g;
const leadRef = /(?<![\w-])[0-9a-f]{12}(?![\w-])/g;

/** Header of the desk's answers with the ids of the leads that were accepted, with commas between them. */
export const leadIdsHeader = "leadwire-lead-ids";

/** The lead ids that a text mentions, each once. */
export const leadIdsIn = (text: string): string[] => [...new Set(text.match(leadId))];

/** The short names of leads that a text mentions, each once; any 12 hex digits that stand alone may be one. */
export const leadRefsIn = (text: string): string[] => [...new Set(text.match(leadRef))];

/** The leads that a queue's message names, in its body or in its attributes. */
export const leadIdsInMessage = ({ body, messageAttributes }: QueuedMessage): string[] =>
  leadIdsIn([body, ...Object.values(messageAttributes).map(({ StringValue }) => StringValue ?? "")].join(" "));
