import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Signed } from "../../local/crm.ts";
import { allAnnouncedOnce, codeOf, keysIn, sendSigned, startTarget, type Target } from "./security-fixtures.ts";

const body = '{"email":"ada@example.com","name":"Ada Byron"}';
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000);

let target: Target;
const requests = suite("security :: requests");
requests.before(async () => {
  target = await startTarget();
});
requests.after(() => target.stop());

const genuine = () => target.crm.sign("website", body);
const withHeaders = (signed: Signed, headers: Record<string, string>): Signed => ({
  ...signed,
  headers: { ...signed.headers, ...headers },
});

const forgeries: Readonly<Record<string, () => Signed>> = {
  "without a signature": () => ({ ...genuine(), headers: { "content-type": "application/json" } }),
  "with an empty signature": () => withHeaders(genuine(), { "webhook-signature": "" }),
  "with the name of a version and nothing else": () => withHeaders(genuine(), { "webhook-signature": "v1" }),
  "with an empty v1 signature": () => withHeaders(genuine(), { "webhook-signature": "v1," }),
  "with a signature of a version that nobody checks": () => {
    const signed = genuine();
    return withHeaders(signed, {
      "webhook-signature": (signed.headers["webhook-signature"] ?? "").replace("v1", "v0"),
    });
  },
  "with 150 signatures of which none fits": () =>
    withHeaders(genuine(), {
      "webhook-signature": Array(150)
        .fill(`v1,${Buffer.alloc(32).toString("base64")}`)
        .join(" "),
    }),
  "signed with another source's secret": () => target.crm.sign("crm", body),
  "signed with an empty key": () => {
    const signed = genuine();
    const { "webhook-id": id, "webhook-timestamp": at } = signed.headers;
    const mac = createHmac("sha256", "").update(`${id}.${at}.${body}`).digest("base64");
    return withHeaders(signed, { "webhook-signature": `v1,${mac}` });
  },
  "whose body was changed": () => ({ ...genuine(), body: body.replace("ada", "eve") }),
  "whose body got a space": () => ({ ...genuine(), body: `${body} ` }),
  "whose id was changed": () => withHeaders(genuine(), { "webhook-id": "msg_other" }),
  "without an id": () => withHeaders(genuine(), { "webhook-id": "" }),
  "whose time was changed": () =>
    withHeaders(genuine(), { "webhook-timestamp": String(Math.floor(Date.now() / 1000) - 60) }),
  "whose time is none": () => withHeaders(genuine(), { "webhook-timestamp": "NaN" }),
  "signed more than five minutes ago": () => target.crm.sign("website", body, "msg_old", secondsAgo(302)),
  "signed for a time more than five minutes ahead": () => target.crm.sign("website", body, "msg_new", secondsAgo(-310)),
};

for (const [what, forge] of Object.entries(forgeries)) {
  requests(`one ${what} is answered 401 and stored nowhere`, async () => {
    const before = await keysIn(target);
    const answer = await sendSigned(target, forge());
    assert.equal([answer.status, codeOf(answer)], [401, "BadSignature"]);
    assert.not.match(answer.text, /v1,|whsec_|ada|webhook-id:/);
    assert.equal(await keysIn(target), before);
  });
}

requests("one whose signed parts are divided anew is no lead: id.time.body cannot be read in two ways", async () => {
  const now = Math.floor(Date.now() / 1000);
  const forged = `{"email":"eve@evil.example"}`;
  const signed = target.crm.sign("website", JSON.stringify({ email: "ada@example.com", note: `x.${now}.${forged}` }));
  const cut = signed.body.indexOf(`.${now}.`);
  const id = `${signed.headers["webhook-id"]}.${signed.headers["webhook-timestamp"]}.${signed.body.slice(0, cut)}`;
  const moved = withHeaders(signed, { "webhook-id": id, "webhook-timestamp": String(now) });
  const answer = await sendSigned(target, { ...moved, body: signed.body.slice(cut + 12) });
  assert.equal([answer.status, codeOf(answer)], [400, "NotJson"]);
  assert.equal(await keysIn(target), []);
});

requests("a line break in a header ends the request before it reaches anybody", async () => {
  const { hostname, port } = new URL(target.endpoint);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", reject).on("close", () => resolve(text));
    socket.end("POST /website HTTP/1.1\r\nHost: x\r\nwebhook-id: a\nInjected: b\u0000\r\nContent-Length: 2\r\n\r\n{}");
  });
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.equal(await keysIn(target), []);
});

requests("one replayed within five minutes is answered 200 and announced once, also by many at once", async () => {
  const signed = target.crm.sign("website", body, "msg_replayed", secondsAgo(200));
  const first = await Promise.all(Array.from({ length: 20 }, () => sendSigned(target, signed)));
  assert.equal(first.map(({ status }) => status).sort(), [...Array(19).fill(200), 202]);
  await allAnnouncedOnce(target);
  const again = await sendSigned(target, signed);
  assert.is(again.status, 200);
  assert.is(JSON.parse(again.text).leads[0].status, "duplicate");
  assert.is((await keysIn(target)).filter((key) => key.startsWith("enriched/")).length, 1);
});

requests("one replayed at another source's path is refused, for each source has a secret of its own", async () => {
  const before = await keysIn(target);
  assert.is((await sendSigned(target, genuine(), "/crm")).status, 401);
  assert.equal(await keysIn(target), before);
});

requests("several signatures are taken when one of them fits, as while a secret is rotated", async () => {
  const signed = genuine();
  const others = `v1,${Buffer.alloc(32).toString("base64")} v1a,AAAA`;
  const signatures = `${others} ${signed.headers["webhook-signature"]}`;
  assert.is((await sendSigned(target, withHeaders(signed, { "webhook-signature": signatures }))).status, 202);
  // What a replay could have set off is over by the time that this later lead has gone all the way.
  await allAnnouncedOnce(target);
  assert.is(target.slack.messages.length, 2);
});

requests.run();
