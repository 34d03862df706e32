import { cut } from "../../../lead/text.ts";

/** Characters that a text takes in the JSON that is sent: a quotation mark, for one, takes two. */
export const sentLength = (text: string) => JSON.stringify(text).length - 2;

/**
 * Escapes text for Slack, in the order that Slack asks for, and cuts it to a length. It cuts no entity and no emoji in half.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 * @param max characters as they are sent: escaped, in JSON
 */
export function slackText(text: string, max: number): string {
  const escaped = escapeSlack(text);
  if (sentLength(escaped) <= max) return escaped;
  // The most characters that fit are found by halving, which is faster than measuring one after the other.
  let fitting = 0;
  for (let tooMany = Math.min(text.length, max); tooMany - fitting > 1; ) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (sentLength(escapeSlack(cut(text, middle))) < max) fitting = middle;
    else tooMany = middle;
  }
  return `${escapeSlack(cut(text, fitting))}…`;
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
 * A link in Slack's notation, or the label alone if the address is longer than 500 characters as it is sent. Signs of the URL
 * that Slack would read as formatting are percent-encoded.
 * @param max characters of the label, as they are sent
 */
export const slackLink = (url: string, label: string, max: number) => {
  const encoded = url.replace(/[|*~`]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const address = escapeSlack(encoded);
  const text = slackMrkdwn(label, max);
  return sentLength(address) <= addressLimit ? `<${address}|${text}>` : text;
};
