import { isPlainObject } from "es-toolkit";

/** Slack's answer to a message that it does not take. */
export interface SlackRefusal {
  readonly status: number;
  readonly body: string;
}

type Json = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** https://docs.slack.dev/reference/block-kit/blocks */
const limits = {
  blocks: 50,
  header: 150,
  sectionText: 3000,
  fields: 10,
  fieldText: 2000,
  buttonText: 75,
  contextElements: 10,
  actionElements: 25,
  markdown: 12_000,
  /** All blocks of a message as JSON. https://github.com/slackapi/bolt-js/issues/2509 */
  allBlocks: 13_200,
  text: 4000,
  url: 3000,
} as const;

/** Slack counts characters, not UTF-16 units. */
const fits = (value: unknown, most: number) =>
  typeof value === "string" && value.length > 0 && [...value].length <= most;

const textObject = (value: unknown, most: number, types: readonly string[]) =>
  isPlainObject(value) && types.includes(String(value.type)) && fits(value.text, most);

const anyText = ["plain_text", "mrkdwn"];

function buttonFits(element: unknown): boolean {
  if (!isPlainObject(element)) return false;
  if (element.type !== "button") return typeof element.type === "string";
  return (
    textObject(element.text, limits.buttonText, ["plain_text"]) &&
    (element.url === undefined || fits(element.url, limits.url))
  );
}

const blockRules: Record<string, (block: Json) => boolean> = {
  header: ({ text }) => textObject(text, limits.header, ["plain_text"]),
  divider: () => true,
  section: ({ text, fields, accessory }) =>
    (text !== undefined || list(fields).length > 0) &&
    (text === undefined || textObject(text, limits.sectionText, anyText)) &&
    list(fields).length <= limits.fields &&
    list(fields).every((field) => textObject(field, limits.fieldText, anyText)) &&
    (accessory === undefined || buttonFits(accessory)),
  context: ({ elements }) =>
    list(elements).length > 0 &&
    list(elements).length <= limits.contextElements &&
    list(elements).every(
      (element) =>
        isPlainObject(element) && (element.type === "image" || textObject(element, limits.sectionText, anyText)),
    ),
  actions: ({ elements }) =>
    list(elements).length > 0 && list(elements).length <= limits.actionElements && list(elements).every(buttonFits),
  markdown: ({ text }) => fits(text, limits.markdown),
  rich_text: ({ elements }) => list(elements).length > 0,
  image: ({ image_url, alt_text }) => fits(image_url, limits.url) && typeof alt_text === "string",
};

function blocksFit(blocks: readonly unknown[]): boolean {
  if (blocks.length > limits.blocks) return false;
  return blocks.every((block) => isPlainObject(block) && blockRules[String(block.type)]?.(block) === true);
}

/**
 * Reads a message as Slack's incoming webhooks do.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export function readMessage(body: string): { message: Json } | { refusal: SlackRefusal } {
  const refuse = (text: string) => ({ refusal: { status: 400, body: text } });
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return refuse("invalid_payload");
  }
  if (!isPlainObject(message)) return refuse("invalid_payload");
  const { text, blocks, attachments } = message;
  if (list(attachments).length > 100) return refuse("too_many_attachments");
  const hasText = typeof text === "string" && text.trim() !== "";
  if (!hasText && list(blocks).length === 0 && list(attachments).length === 0) return refuse("no_text");
  if (hasText && !fits(text, limits.text)) return refuse("msg_too_long");
  if (blocks !== undefined && (!Array.isArray(blocks) || !blocksFit(blocks))) return refuse("invalid_blocks");
  if (blocks !== undefined && JSON.stringify(blocks).length > limits.allBlocks) return refuse("msg_blocks_too_long");
  return { message };
}
