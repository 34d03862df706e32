import { leadRef } from "../../../lead/lead-id.ts";
import { cut } from "../../../lead/text.ts";
import { byScore, type Card, type CardPart, cardOf, type LeadsToAnnounce, titleOfMany } from "../../lead-summary.ts";
import { emailPage } from "./page.ts";

export interface Email {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The leads as one email in text and HTML, the highest score first and each with its whole card. The headers name them:
 * `X-Lead-Id` one lead, `X-Lead-Refs` several by their short names, which fit SES's 870 characters for up to 60 leads.
 * @param why why they come by email, in a sentence
 */
export function leadEmail(leads: LeadsToAnnounce, why = ""): Email {
  const ranked = byScore(leads);
  const cards = ranked.map(cardOf);
  const [only] = cards.length === 1 ? cards : [];
  const title = only?.title ?? titleOfMany(leads);
  return {
    subject: asSubject(title),
    headers:
      leads.length === 1
        ? { "X-Lead-Id": leads[0].lead.id }
        : { "X-Lead-Refs": ranked.map(({ lead }) => leadRef(lead.id)).join(" ") },
    text: [...(only ? [] : [title]), ...cards.map(asText), ...(why ? [why] : [])].join("\n\n"),
    html: emailPage(title, cards, why),
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

/** Marks each line as a quotation, so that nobody takes it for one of ours. */
const quoted = (text: string) => text.replace(/^/gm, "> ");

const asText = ({ title, parts }: Card): string => [title, ...parts.map(partAsText)].join("\n");

function partAsText(part: CardPart): string {
  switch (part.kind) {
    case "details":
      return part.details.map(({ label, value }) => `${label}: ${value}`).join("\n");
    case "answers":
      return `Answers:\n${part.answers.map(({ label, value }) => quoted(`${label}\n${value}`)).join("\n>\n")}`;
    case "message":
      return `Message:\n${quoted(part.text)}`;
    case "link":
      return `${part.text}: ${part.href}`;
    case "notice":
    case "footer":
      return part.text;
  }
}
