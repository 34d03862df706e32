import { useMemo } from "preact/hooks";
import { decoded, type Markup, readMarkup } from "../../../slack/markup.ts";
import type { SlackBlock, SlackMessage, SlackText } from "../../shapes/slack.ts";
import { Clock, Json } from "../ui.tsx";

const tags = { bold: "b", italic: "i", strike: "s", code: "code", quote: "blockquote" } as const;

/** Pieces of a text. The text never changes, so that places serve as keys. */
const Pieces = ({ of }: { readonly of: readonly Markup[] }) => <>{of.map((piece, key) => pieceOf(piece, key))}</>;

function pieceOf(piece: Markup, key: number) {
  if (typeof piece === "string") return piece;
  if (piece.kind === "link") {
    return (
      <a key={key} href={piece.url} title={piece.url} target="_blank" rel="noreferrer">
        {piece.content}
      </a>
    );
  }
  const Tag = tags[piece.kind];
  return (
    <Tag key={key}>
      <Pieces of={piece.content} />
    </Tag>
  );
}

const Text = ({ of: { type, text = "" } }: { readonly of: SlackText }) => (
  <p dir="auto">
    <Pieces of={type === "mrkdwn" ? readMarkup(text) : [decoded(text)]} />
  </p>
);

/** The kinds of blocks that Leadwire sends; others are shown as JSON. */
function Block({ block }: { readonly block: SlackBlock }) {
  const { type, text, fields = [], elements = [] } = block;
  if (type === "divider") return <hr />;
  if (type !== "header" && type !== "section" && type !== "context") return <Json value={block} />;
  const texts = [...(text ? [text] : []), ...fields, ...elements];
  return (
    <div class={type}>
      {texts.map((each, index) => (
        <Text key={index} of={each} />
      ))}
    </div>
  );
}

/** A message as Slack shows it: its blocks, or its text without any. */
export function Message({ message }: { readonly message: SlackMessage }) {
  // A message never changes, and a channel of digests would take long to make again.
  return useMemo(() => {
    const { at, text, blocks = [{ type: "section", text: { type: "mrkdwn", text: text ?? "" } }] } = message;
    return (
      <article class="message">
        <p class="muted">
          <b>Leadwire</b> <Clock at={at} />
        </p>
        {blocks.map((block, index) => (
          <Block key={index} block={block} />
        ))}
      </article>
    );
  }, [message]);
}
