import { escape as escapeHtml } from "es-toolkit/string";
import { leadRef } from "../../../lead/lead-id.ts";
import { cut } from "../../../lead/text.ts";
import { byScore, details, headline, type LeadsToAnnounce, type LeadToAnnounce } from "../../lead-summary.ts";

export interface Email {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The leads as one email in text and HTML, the highest score first and each with all its details. The headers name them:
 * `X-Lead-Id` one lead, `X-Lead-Refs` several by their short names, which fit SES's 870 characters for up to 60 leads.
 * @param why why they come by email, in a sentence
 */
export function leadEmail(leads: LeadsToAnnounce, why = ""): Email {
  const ranked = byScore(leads);
  const title = leads.length === 1 ? `New lead: ${headline(leads[0].lead)}` : `${leads.length} new leads`;
  return {
    subject: asSubject(title),
    headers:
      leads.length === 1
        ? { "X-Lead-Id": leads[0].lead.id }
        : { "X-Lead-Refs": ranked.map(({ lead }) => leadRef(lead.id)).join(" ") },
    text: [title, ...ranked.map(asText), why].join("\n\n"),
    html: [`<h2>${escapeHtml(title)}</h2>`, ...ranked.map(asHtml), `<p><small>${escapeHtml(why)}</small></p>`].join(
      "\n",
    ),
  };
}

/**
 * Bytes of a subject. A header's line can have 998 characters, and a mail can encode each byte with three.
 * https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1
 */
const subjectBytes = 320;

/** A text without line breaks, which would begin another header, of up to 200 characters and 320 bytes. */
function asSubject(text: string): string {
  const bytes = Buffer.from(cut(text.replace(/\p{Cc}+/gu, " "), 200));
  // As a stream the decoder leaves out the character that the end cuts in half.
  return new TextDecoder().decode(bytes.subarray(0, subjectBytes), { stream: true });
}

const footer = ({ lead, mayBeRepeat }: LeadToAnnounce) =>
  [`Lead ${lead.id}`, ...lead.warnings, ...(mayBeRepeat ? ["may be a repeat"] : [])].join(" · ");

/** Marks each line as a quotation, so that nobody takes it for one of ours. */
const quoted = (text: string) => text.replace(/^/gm, "> ");

function asText(one: LeadToAnnounce): string {
  const { lead } = one;
  return [
    headline(lead),
    ...details(lead).map(({ label, value }) => `${label}: ${value}`),
    ...(lead.message ? ["Message:", quoted(lead.message)] : []),
    ...(lead.url ? [`Open in CRM: ${lead.url}`] : []),
    footer(one),
  ].join("\n");
}

function asHtml(one: LeadToAnnounce): string {
  const { lead } = one;
  const rows = details(lead).map(({ label, value, href }) => {
    const shown = href ? `<a href="${escapeHtml(href)}">${escapeHtml(value)}</a>` : escapeHtml(value);
    return `<tr><th align="left">${escapeHtml(label)}</th><td>${shown}</td></tr>`;
  });
  return [
    `<h3>${escapeHtml(headline(lead))}</h3>`,
    `<table>${rows.join("")}</table>`,
    ...(lead.message ? [`<blockquote>${escapeHtml(lead.message).replaceAll("\n", "<br>")}</blockquote>`] : []),
    ...(lead.url ? [`<p><a href="${escapeHtml(lead.url)}">Open in CRM</a></p>`] : []),
    `<p><small>${escapeHtml(footer(one))}</small></p>`,
  ].join("\n");
}
