import { escape as escapeHtml, isPlainObject, unescape as unescapeHtml } from "es-toolkit";
import type { ChatMessage } from "../chat.ts";

type Json = Readonly<Record<string, unknown>>;

const asJson = (value: unknown): Json => (isPlainObject(value) ? value : {});
/** Slack decodes these three entities and no others. https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const decoded = (text: string) => text.replace(/&(?:amp|lt|gt);/g, unescapeHtml);
const asHtml = (text: string) => escapeHtml(decoded(text));
const items = (value: unknown): Json[] => (Array.isArray(value) ? value.map(asJson) : []);

/** A text in Slack's markup; what stands in angle brackets is a link. */
function mrkdwn(text: string): string {
  const linked = text.split(/(<[^<>]+>)/).map((part) => {
    const link = /^<((?:https?:|mailto:|tel:)[^|>]+)(?:\|([^>]*))?>$/.exec(part);
    if (!link) return asHtml(part);
    return `<a href="${asHtml(link[1] ?? "")}" rel="noreferrer">${asHtml(link[2] ?? link[1] ?? "")}</a>`;
  });
  return linked
    .join("")
    .replace(/(^|[\s(])\*([^*\n]+)\*/g, "$1<b>$2</b>")
    .replace(/(^|[\s(])_([^_\n]+)_/g, "$1<i>$2</i>")
    .replace(/(^|[\s(])~([^~\n]+)~/g, "$1<s>$2</s>")
    .replace(/`([^`\n]+)`/g, "<code>$1</code>")
    .replace(/^&gt; ?(.*)$/gm, "<q>$1</q>")
    .replace(/\n/g, "<br>");
}

const plainText = (text: string) => asHtml(text).replace(/\n/g, "<br>");

function textOf(value: unknown): string {
  const { type, text } = asJson(value);
  if (typeof text !== "string") return "";
  return type === "plain_text" ? plainText(text) : mrkdwn(text);
}

function button({ type, text, url, style }: Json): string {
  if (type !== "button") return "";
  const href = typeof url === "string" ? ` href="${escapeHtml(url)}"` : "";
  return `<a class="button ${style === "primary" ? "primary" : ""}"${href} rel="noreferrer">${textOf(text)}</a>`;
}

const renderers: Record<string, (block: Json) => string> = {
  header: ({ text }) => `<h2>${textOf(text)}</h2>`,
  divider: () => "<hr>",
  section: ({ text, fields, accessory }) => {
    const grid = items(fields).map((field) => `<div dir="auto">${textOf(field)}</div>`);
    const body = `${text ? `<p dir="auto">${textOf(text)}</p>` : ""}${grid.length > 0 ? `<div class="fields">${grid.join("")}</div>` : ""}`;
    return `<div class="section"><div>${body}</div>${accessory ? button(asJson(accessory)) : ""}</div>`;
  },
  context: ({ elements }) => `<p class="context">${items(elements).map(textOf).join(" · ")}</p>`,
  actions: ({ elements }) => `<p>${items(elements).map(button).join(" ")}</p>`,
  markdown: ({ text }) => `<p>${mrkdwn(String(text))}</p>`,
};

function renderMessage({ channel, at, payload }: ChatMessage): string {
  const blocks = items(payload.blocks);
  const known = blocks.map(
    (block) => renderers[String(block.type)]?.(block) ?? `<pre>${escapeHtml(JSON.stringify(block))}</pre>`,
  );
  const body = known.length > 0 ? known.join("") : `<p>${mrkdwn(String(payload.text ?? ""))}</p>`;
  const time = new Date(at).toISOString().slice(11, 19);
  return `<article><div class="avatar">L</div><div class="body"><p class="who"><b>Leadwire</b> <small>APP</small> #${escapeHtml(channel)} <time>${time}</time></p>${body}</div></article>`;
}

const style = `
:root { color-scheme: light dark; --line: #dddddd; --soft: #616061; --link: #1264a3; --side: #3f0e40; }
@media (prefers-color-scheme: dark) { :root { --line: #35373b; --soft: #ababad; --link: #1d9bd1; } body { background: #1a1d21; color: #d1d2d3; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.46 Lato, "Helvetica Neue", Arial, sans-serif; }
header { background: var(--side); color: white; padding: 12px 24px; display: flex; gap: 12px; align-items: baseline; position: sticky; top: 0; }
header b { font-size: 18px; } header span { opacity: .75; }
main { max-width: 760px; margin: 0 auto; padding: 16px 24px 64px; }
article { display: flex; gap: 12px; padding: 12px 0; border-bottom: 1px solid var(--line); }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #2eb67d; color: white; font-weight: 700; display: grid; place-items: center; }
.body { min-width: 0; flex: 1; overflow-wrap: anywhere; }
p { margin: 4px 0; } h2 { margin: 6px 0; font-size: 18px; } hr { border: 0; border-top: 1px solid var(--line); margin: 8px 0; }
.who small { background: var(--line); border-radius: 3px; padding: 0 4px; font-size: 10px; } time, .context { color: var(--soft); font-size: 12px; }
.section { display: flex; gap: 16px; justify-content: space-between; align-items: start; }
.section > div { flex: 1; min-width: 0; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 16px; margin: 6px 0; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
.button { display: inline-block; border: 1px solid var(--line); border-radius: 4px; padding: 4px 12px; font-weight: 700; font-size: 13px; color: inherit; white-space: nowrap; }
.button.primary { background: #007a5a; border-color: #007a5a; color: white; }
q { quotes: none; display: block; border-left: 4px solid var(--line); padding-left: 10px; } code { background: var(--line); border-radius: 3px; padding: 0 4px; }
.empty { color: var(--soft); text-align: center; padding: 64px 0; }`;

/** Messages that the page shows, newest first. */
const shown = 200;

/** The channels as a page that renews itself. */
export function slackPage(messages: readonly ChatMessage[]): string {
  const latest = messages.slice(-shown).reverse().map(renderMessage);
  const empty = '<p class="empty">No messages yet. They appear here as they arrive.</p>';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><title>Slack (${messages.length})</title><style>${style}</style></head>
<body><header><b>Slack</b><span>${messages.length} messages; simulated on this machine</span></header>
<main>${latest.length > 0 ? latest.join("") : empty}</main></body></html>`;
}
