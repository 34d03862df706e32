import type { KnownBlock } from "@slack/types";
import { decoded } from "./markup.ts";

/** A text in Slack's markup without its signs. Of a web link, the address stands after the label. */
const mrkdwn = (text: string) =>
  decoded(
    text
      .replace(/<(https?:[^|>]+)\|([^>]*)>/g, "$2 ($1)")
      .replace(/<[^|>]+\|([^>]*)>/g, "$1")
      .replace(/^\*([^*\n]+)\*\n/, "$1: ")
      .replace(/[*`]([^*`\n]+)[*`]/g, "$1"),
  );

const textOf = ({ type, text }: { readonly type: string; readonly text: string }) =>
  type === "mrkdwn" ? mrkdwn(text) : decoded(text);

function linesOf(block: KnownBlock): readonly string[] {
  if (block.type === "header") return [textOf(block.text)];
  if (block.type === "section") return [...(block.text ? [block.text] : []), ...(block.fields ?? [])].map(textOf);
  if (block.type === "context")
    return [block.elements.map((element) => ("text" in element ? textOf(element) : "")).join(" · ")];
  return [];
}

/** The blocks of a Slack message as plain text, a line or more for each. */
export const slackAsText = (blocks: readonly KnownBlock[]): string => blocks.flatMap(linesOf).join("\n");
