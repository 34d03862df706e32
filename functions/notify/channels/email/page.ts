import { escape as escapeHtml } from "es-toolkit/string";
import type { Card, CardPart, LeadDetail } from "../../lead-summary.ts";

/**
 * Without it, a client of email shows black on white in the order of the page. Nothing depends on it, because some clients drop
 * it. https://www.caniemail.com/features/css-at-media-prefers-color-scheme/
 */
const style = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 16px; background: #f4f4f6; color: #1d1c1d; font: 15px/1.5 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
h1, .card, .small { max-width: 600px; margin-left: auto; margin-right: auto; overflow-wrap: anywhere; }
h1 { font-size: 20px; margin-top: 8px; margin-bottom: 16px; }
h2 { font-size: 18px; line-height: 1.3; margin: 0 0 12px; }
.card { background: #ffffff; border: 1px solid #dedee3; border-radius: 8px; padding: 20px; margin-bottom: 16px; box-sizing: border-box; }
table { border-collapse: collapse; margin: 0 0 12px; }
th { color: #5f5e66; font-weight: normal; text-align: left; vertical-align: top; padding: 2px 16px 2px 0; width: 120px; }
td { vertical-align: top; padding: 2px 0; }
blockquote { margin: 0 0 12px; padding: 2px 0 2px 12px; border-left: 3px solid #c4c4cc; }
.answer { margin: 0 0 12px; } .answer b { display: block; font-weight: normal; color: #5f5e66; }
.notice { background: #fff1c9; color: #3d3000; border-radius: 6px; padding: 8px 12px; margin: 0 0 12px; font-weight: bold; }
a { color: #1264a3; }
.small { color: #5f5e66; font-size: 13px; } .card .small { margin: 4px 0 0; }
@media (prefers-color-scheme: dark) {
body { background: #16181b; color: #e3e3e6; }
.card { background: #1f2226; border-color: #383c42; }
th, .answer b, .small { color: #a9a9b3; }
blockquote { border-left-color: #55595f; }
.notice { background: #4b3d0b; color: #ffecb0; }
a { color: #5fb4ee; }
}`;

/** An email as HTML. All text is escaped, and the tags are those of this file. */
export function emailPage(title: string, cards: readonly Card[], why: string): string {
  const heading = cards.length > 1 ? [`<h1>${escapeHtml(title)}</h1>`] : [];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(title)}</title><style>${style}</style></head><body>`,
    ...heading,
    ...cards.map(cardAsHtml),
    ...(why ? [small(why)] : []),
    "</body></html>",
  ].join("\n");
}

const cardAsHtml = ({ title, parts }: Card): string =>
  ['<div class="card">', `<h2>${escapeHtml(title)}</h2>`, ...parts.map(partAsHtml), "</div>"].join("\n");

function partAsHtml(part: CardPart): string {
  switch (part.kind) {
    case "notice":
      return `<p class="notice">${escapeHtml(part.text)}</p>`;
    case "details":
      return `<table>${part.details.map(row).join("")}</table>`;
    case "answers":
      return part.answers
        .map(({ label, value }) => `<p class="answer" dir="auto"><b>${escapeHtml(label)}</b>${withBreaks(value)}</p>`)
        .join("");
    case "message":
      return `<blockquote dir="auto">${withBreaks(part.text)}</blockquote>`;
    case "link":
      return `<p><a href="${escapeHtml(part.href)}">${escapeHtml(part.text)}</a></p>`;
    case "footer":
      return small(part.text);
  }
}

const row = ({ label, value, href }: LeadDetail) => {
  const shown = href ? `<a href="${escapeHtml(href)}">${escapeHtml(value)}</a>` : escapeHtml(value);
  return `<tr><th align="left">${escapeHtml(label)}</th><td>${shown}</td></tr>`;
};

const withBreaks = (text: string) => escapeHtml(text).replaceAll("\n", "<br>");

const small = (text: string) => `<p class="small">${escapeHtml(text)}</p>`;
