import { cut } from "../../../lead/text.ts";
import { isolate } from "../../plain-words.ts";

/** Characters that a text takes in the JSON that is sent: a quotation mark, for one, takes two. */
export const sentLength = (text: string) => JSON.stringify(text).length - 2;

/**
 * Escapes text for Slack, in the order that Slack asks for, and cuts it to a length. It cuts no entity and no emoji in half, and
 * ends an isolate that is cut.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 * @param max characters as they are sent: escaped, in JSON; a fraction counts as less
 */
export function slackText(text: string, max: number): string {
  const escaped = escapeSlack(text);
  if (sentLength(escaped) <= max) return escaped;
  // The most characters that fit are found by halving, which is faster than measuring one after the other.
  let fitting = 0;
  for (let tooMany = Math.min(text.length, Math.floor(max)); tooMany - fitting > 1; ) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (sentLength(shortened(text, middle)) <= max) fitting = middle;
    else tooMany = middle;
  }
  return shortened(text, fitting);
}

function shortened(text: string, length: number): string {
  const start = cut(text, length);
  const isOpen = start.lastIndexOf(isolate.begin) > start.lastIndexOf(isolate.end);
  return `${escapeSlack(start)}…${isOpen ? isolate.end : ""}`;
}

/**
 * Escapes text that stands in Slack's own formatting. Slack has no escape for the formatting signs, so they become
 * look-alikes: a name in backticks would look like a lead's short name. Underscores stay, because addresses hold them.
 * https://docs.slack.dev/messaging/formatting-message-text#basic-formatting
 */
export const slackMrkdwn = (text: string, max: number) =>
  slackText(
    text.replace(/[*~`]/g, (sign) => lookAlikes[sign] ?? sign),
    max,
  );

const lookAlikes: Readonly<Record<string, string>> = { "*": "\u2217", "~": "\u223c", "`": "\u02cb" };

const escapeSlack = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Characters of a link's address, as they are sent. A longer one would leave no room for what else a message says. */
const addressLimit = 500;

/**
 * A link in Slack's notation, or the label alone if the address is too long. Signs of the URL that Slack would read as formatting
 * are percent-encoded.
 * @param max characters of the label, as they are sent
 * @param longest characters of the address, as they are sent
 */
export const slackLink = (url: string, label: string, max: number, longest = addressLimit) => {
  const encoded = url.replace(/[|*~`]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const address = escapeSlack(encoded);
  const text = slackMrkdwn(label, max);
  return sentLength(address) <= longest ? `<${address}|${text}>` : text;
};
