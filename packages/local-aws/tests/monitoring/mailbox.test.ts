import sesLocal from "aws-ses-v2-local";
import { request } from "undici";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LocalAwsError, NotLoopbackError } from "../../src/errors.ts";
import { mailer } from "../../src/monitoring/mailbox.ts";
import { httpServer } from "../helpers/http-server.ts";

const mailbox = suite("mailbox");

async function localMailbox() {
  const server = await sesLocal.default({ host: "127.0.0.1", port: 0 });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  await (await request(`${url}/clear-store`, { method: "POST" })).body.dump();
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url, [Symbol.asyncDispose]: stop };
}

mailbox("a mail arrives, from SNS's own address", async () => {
  await using local = await localMailbox();
  await mailer(local.url)({ to: "ops@example.com", subject: 'ALARM: "depth"', text: "Look." });
  const { body } = await request(`${local.url}/store`);
  const { emails } = (await body.json()) as { emails: Record<string, unknown>[] };
  assert.is(emails.length, 1);
  assert.match(String(emails[0]?.from), "no-reply@sns.amazonaws.com");
  assert.equal(emails[0]?.destination, { to: ["ops@example.com"], cc: [], bcc: [] });
  assert.is(emails[0]?.subject, 'ALARM: "depth"');
});

mailbox("a mail that the mailbox refuses is an error that names its reader", async () => {
  await using refusing = await httpServer((_, response) => response.writeHead(400).end("no such reader"));
  const sending = mailer(refusing.url)({ to: "nobody@example.com", subject: "S", text: "T" });
  const error = await sending.catch((caught: unknown) => caught);
  assert.instance(error, LocalAwsError);
  assert.match(String(error), "a mail to nobody@example.com: no such reader");
});

mailbox("a mailbox elsewhere than on this machine is refused", () => {
  assert.throws(
    () => mailer("https://email.eu-central-1.amazonaws.com"),
    (error: unknown) => error instanceof NotLoopbackError,
  );
});

mailbox.run();
