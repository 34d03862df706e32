import { Hono } from "hono";
import { type Mail, snsSender } from "local-aws";
import type { Page } from "../context.ts";
import { live } from "../live.ts";
import type { MailList, MailRow, MailsView, MailView } from "../shapes/mail.ts";

/** Mails of a list that a browser gets at most. */
const window = 100;

/** Nothing of a mail runs or is loaded, and its links open in another tab. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

const rowOf = ({ messageId, at, destination, subject }: Mail): MailRow => ({
  id: messageId,
  at: at * 1000,
  to: destination.to.join(", "),
  subject,
});

function viewOf(all: readonly Mail[], list: MailList): MailsView {
  const mails = all.filter(({ from }) => (from === snsSender) === (list === "alarms"));
  const others = all.length - mails.length;
  const [sales, alarms] = list === "sales" ? [mails.length, others] : [others, mails.length];
  return { counts: { sales, alarms }, mails: mails.slice(-window).reverse().map(rowOf) };
}

function wholeOf(mail: Mail): MailView {
  const { from, replyTo, destination, subject, at, body, headers = [] } = mail;
  const { to, cc, bcc } = destination;
  const sent = { From: [from], To: to, Cc: cc, Bcc: bcc, "Reply-To": replyTo, Subject: [subject] };
  const lines = Object.entries(sent).flatMap(([name, values]) =>
    values.length > 0 ? `${name}: ${values.join(", ")}` : [],
  );
  lines.push(`Date: ${new Date(at * 1000).toUTCString()}`, ...headers.map(({ name, value }) => `${name}: ${value}`));
  const { html, text = "There is no text part." } = body;
  return { ...rowOf(mail), hasHtml: html !== undefined, text, headers: lines.join("\n") };
}

/** The mails of the run: those to the sales team, and those of alarms. */
export const mail: Page = {
  name: "mail",
  routes: ({ platform }) => {
    const found = (id: string) => platform.mails().findLast(({ messageId }) => messageId === id);
    const gone = { error: "This mail is no longer kept." };
    return new Hono()
      .get("/live/:list", (c) =>
        live(c, () => viewOf(platform.mails(), c.req.param("list") === "alarms" ? "alarms" : "sales")),
      )
      .get("/message/:id", (c) => {
        const one = found(c.req.param("id"));
        return one ? c.json(wholeOf(one)) : c.json(gone, 404);
      })
      .get("/message/:id/html", (c) => {
        const html = found(c.req.param("id"))?.body.html;
        if (html === undefined) return c.json(gone, 404);
        const page = html.replace("<head>", '<head><base target="_blank">');
        return c.html(page, 200, { "content-security-policy": mailPolicy });
      });
  },
};
