/**
 * Escapes text for Slack, in the order that Slack asks for, and cuts it to a length. It cuts no entity and no emoji in half.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 * @param max characters after escaping
 */
export function slackText(text: string, max: number): string {
  const escaped = escapeSlack(text);
  if (escaped.length <= max) return escaped;
  let cut = "";
  for (const character of text) {
    const next = escapeSlack(character);
    if (cut.length + next.length > max - 1) break;
    cut += next;
  }
  return `${cut}…`;
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

/** A link in Slack's notation. Signs of the URL that Slack would read as formatting are percent-encoded. */
export const slackLink = (url: string, label: string, max: number) => {
  const address = url.replace(/[|*~`]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `<${escapeSlack(address)}|${slackMrkdwn(label, max)}>`;
};
