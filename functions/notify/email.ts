import { type SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { EnrichedLead } from "../shared/lead.ts";
import { cut } from "../shared/text.ts";
import { details, headline } from "./lead-summary.ts";

export interface Email {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One lead as an email in text and HTML.
 * @param why why it comes by email, in words
 */
export function leadEmail(lead: EnrichedLead, why: string, mayBeRepeat: boolean): Email {
  const title = `New lead: ${headline(lead)}`;
  const footer = [`Lead ${lead.id}`, why, ...lead.warnings, ...(mayBeRepeat ? ["May be a repeat"] : [])].join(" · ");
  const rows = details(lead);
  const link = lead.url ? [`Open in CRM: ${lead.url}`] : [];
  return {
    subject: cut(oneLine(title), 200),
    headers: { "X-Lead-Id": lead.id },
    text: [
      title,
      "",
      ...rows.map(({ label, value }) => `${label}: ${value}`),
      ...(lead.message ? ["", lead.message] : []),
      "",
      ...link,
      footer,
    ].join("\n"),
    html: [
      `<h2>${html(title)}</h2>`,
      "<table>",
      ...rows.map(({ label, value, href }) => {
        const shown = href ? `<a href="${html(href)}">${html(value)}</a>` : html(value);
        return `<tr><th align="left">${html(label)}</th><td>${shown}</td></tr>`;
      }),
      "</table>",
      ...(lead.message ? [`<blockquote>${html(lead.message).replaceAll("\n", "<br>")}</blockquote>`] : []),
      ...(lead.url ? [`<p><a href="${html(lead.url)}">Open in CRM</a></p>`] : []),
      `<p><small>${html(footer)}</small></p>`,
    ].join("\n"),
  };
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const html = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** No line break can leave the subject and become a header. */
const oneLine = (text: string) => text.replace(/\p{Cc}+/gu, " ");

export interface Mailbox {
  readonly sender: string;
  /** At most 50, which is what SES takes in one message. */
  readonly recipients: readonly string[];
  readonly configurationSet: string | undefined;
}

/** Sends an email through SES to every recipient in one message. @returns SES's message id */
export async function sendEmail(ses: SESv2Client, mailbox: Mailbox, email: Email): Promise<string> {
  const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  const { MessageId } = await ses.send(
    new SendEmailCommand({
      FromEmailAddress: mailbox.sender,
      Destination: { ToAddresses: [...mailbox.recipients] },
      ...(mailbox.configurationSet && { ConfigurationSetName: mailbox.configurationSet }),
      Content: {
        Simple: {
          Subject: utf8(email.subject),
          Body: { Text: utf8(email.text), Html: utf8(email.html) },
          Headers: Object.entries(email.headers).map(([Name, Value]) => ({ Name, Value })),
        },
      },
    }),
  );
  return MessageId ?? "";
}
