import { unescape as unescapeHtml } from "es-toolkit/string";

/** A piece of a text in Slack's markup. */
export type Markup =
  | string
  | { readonly kind: "link"; readonly url: string; readonly content: string }
  | { readonly kind: "bold" | "italic" | "strike" | "code" | "quote"; readonly content: readonly Markup[] };

/** Slack decodes these three entities and no others. https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const decoded = (text: string) => text.replace(/&(?:amp|lt|gt);/g, unescapeHtml);

const link = /<((?:https?:\/\/|mailto:|tel:|slack:\/\/)[^|<>]+)(?:\|([^<>]*))?>/;
const quote = /^&gt; ?(.*\n?)/;
const code = /`([^`\n]+)`/;
const styled = /(?<=^|[\s(])(?:\*([^*\n]+)\*|_([^_\n]+)_|~([^~\n]+)~)(?!\w)/;
const pieces = new RegExp([link, quote, code, styled].map(({ source }) => source).join("|"), "gm");

/**
 * Reads a text in Slack's markup. What is none, such as a link of another scheme, stays text.
 * https://docs.slack.dev/messaging/formatting-message-text#basic-formatting
 */
export function readMarkup(text: string): readonly Markup[] {
  const read: Markup[] = [];
  let end = 0;
  for (const match of text.matchAll(pieces)) {
    if (match.index > end) read.push(decoded(text.slice(end, match.index)));
    read.push(pieceOf(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) read.push(decoded(text.slice(end)));
  return read;
}

function pieceOf([, url, label, quoted, verbatim, bold, italic, strike = ""]: RegExpExecArray): Markup {
  if (url !== undefined) return { kind: "link", url: decoded(url), content: decoded(label ?? url) };
  if (quoted !== undefined) return { kind: "quote", content: readMarkup(quoted.trimEnd()) };
  if (verbatim !== undefined) return { kind: "code", content: [decoded(verbatim)] };
  if (bold !== undefined) return { kind: "bold", content: readMarkup(bold) };
  if (italic !== undefined) return { kind: "italic", content: readMarkup(italic) };
  return { kind: "strike", content: readMarkup(strike) };
}
