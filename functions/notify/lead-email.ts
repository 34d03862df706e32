import { leadRef } from "../lead/lead-id.ts";
import { cut } from "../lead/text.ts";
import { html, oneLine } from "./email-text.ts";
import { best, details, headline, type Told } from "./lead-summary.ts";

export interface Email {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The leads as one email in text and HTML, the best ones first and each with all its details. The headers name them:
 * `X-Lead-Id` one lead, `X-Lead-Refs` several by their short names, which fit SES's 870 characters for up to 60 leads.
 * @param why why they come by email, in words
 */
export function leadEmail(told: readonly [Told, ...Told[]], why: string): Email {
  const ranked = best(told);
  const title = told.length === 1 ? `New lead: ${headline(told[0].lead)}` : `${told.length} new leads`;
  return {
    subject: cut(oneLine(title), 200),
    headers:
      told.length === 1
        ? { "X-Lead-Id": told[0].lead.id }
        : { "X-Lead-Refs": ranked.map(({ lead }) => leadRef(lead.id)).join(" ") },
    text: [title, ...ranked.map(asText), why].join("\n\n"),
    html: [`<h2>${html(title)}</h2>`, ...ranked.map(asHtml), `<p><small>${html(why)}</small></p>`].join("\n"),
  };
}

const footer = ({ lead, mayBeRepeat }: Told) =>
  [`Lead ${lead.id}`, ...lead.warnings, ...(mayBeRepeat ? ["may be a repeat"] : [])].join(" · ");

/** As a quotation, so that no line of it reads like one of ours. */
const quoted = (text: string) => text.replace(/^/gm, "> ");

function asText(told: Told): string {
  const { lead } = told;
  return [
    headline(lead),
    ...details(lead).map(({ label, value }) => `${label}: ${value}`),
    ...(lead.message ? ["Message:", quoted(lead.message)] : []),
    ...(lead.url ? [`Open in CRM: ${lead.url}`] : []),
    footer(told),
  ].join("\n");
}

function asHtml(told: Told): string {
  const { lead } = told;
  const rows = details(lead).map(({ label, value, href }) => {
    const shown = href ? `<a href="${html(href)}">${html(value)}</a>` : html(value);
    return `<tr><th align="left">${html(label)}</th><td>${shown}</td></tr>`;
  });
  return [
    `<h3>${html(headline(lead))}</h3>`,
    `<table>${rows.join("")}</table>`,
    ...(lead.message ? [`<blockquote>${html(lead.message).replaceAll("\n", "<br>")}</blockquote>`] : []),
    ...(lead.url ? [`<p><a href="${html(lead.url)}">Open in CRM</a></p>`] : []),
    `<p><small>${html(footer(told))}</small></p>`,
  ].join("\n");
}
