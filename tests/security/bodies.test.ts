import { suite } from "uvu";
import * as assert from "uvu/assert";
import { maxBodyBytes, maxDepth } from "../../functions/lead/raw-lead.ts";
import { allAnnouncedOnce, codeOf, keysIn, send, sendSigned, startTarget, type Target } from "./security-fixtures.ts";

let target: Target;
const bodies = suite("security :: bodies");
bodies.before(async () => {
  target = await startTarget();
});
bodies.after(() => target.stop());

const contact = '"email":"ada@example.com"';
/** A lead's JSON that is as long as asked for. */
const leadOfBytes = (bytes: number) => {
  const frame = `{${contact},"padding":""}`;
  return frame.replace('""', `"${"x".repeat(bytes - frame.length)}"`);
};
/** A lead's JSON that is nested as deep as asked for. */
const leadOfDepth = (depth: number) => `{${contact},"nest":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
const rawKeys = async () => (await keysIn(target)).filter((key) => !key.includes("/"));
const signed = (body: string) => sendSigned(target, target.crm.sign("website", body));

const accepted: Readonly<Record<string, string>> = {
  "exactly 256 KiB": leadOfBytes(maxBodyBytes),
  "32 levels": leadOfDepth(maxDepth),
  "the keys __proto__ and constructor": `{"__proto__":{${contact}},"constructor":{"prototype":{}},${contact}}`,
  "numbers beyond all bounds": `{${contact},"a":1e999,"employees":-1e400,"b":${"9".repeat(5000)}}`,
  "one key twice": `{"email":"first@example.com",${contact}}`,
  "NUL and other control characters": `{${contact},"name":"Ada\\u0000\\u001b[31m\\u0007 Byron"}`,
  "half a character": `{${contact},"name":"Ada \\ud83d"}`,
};
for (const [what, body] of Object.entries(accepted)) {
  bodies(`of ${what} is a lead like another and stored`, async () => {
    const answer = await signed(body);
    assert.is(answer.status, 202, answer.text);
    assert.ok((await rawKeys()).includes(JSON.parse(answer.text).leads[0].key));
    assert.is(({} as Record<string, unknown>).email, undefined);
  });
}

const refused: readonly [what: string, code: string, body: string][] = [
  ["one byte over 256 KiB", "TooLarge", leadOfBytes(maxBodyBytes + 1)],
  ["33 levels", "TooDeep", leadOfDepth(maxDepth + 1)],
  ["a hundred thousand levels", "TooDeep", "[".repeat(100_000)],
  ["101 leads", "TooManyLeads", `[${Array(101).fill("{}").join()}]`],
  ["a NUL outside a string", "NotJson", `{${contact}}\u0000`],
  ["a function call", "NotJson", `callback({${contact}})`],
  ["XML with an entity that grows", "IsXml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'],
];
for (const [what, code, body] of refused) {
  bodies(`of ${what} is answered 400 ${code} and stored nowhere`, async () => {
    const before = await rawKeys();
    const answer = await signed(body);
    assert.equal([answer.status, codeOf(answer)], [400, code]);
    assert.not.match(answer.text, /ada@example/);
    assert.equal(await rawKeys(), before);
  });
}

bodies(
  "that is not UTF-8 is refused, because the signature covers the bytes and not the replacement characters",
  async () => {
    const good = target.crm.sign("website", `{${contact},"name":"Ada \ufffd"}`);
    const bytes = Buffer.from(good.body.replace("\ufffd", "\u00ff"), "latin1");
    const before = await rawKeys();
    const answer = await send(target, "/website", bytes, {
      ...good.headers,
      "content-type": "application/octet-stream",
    });
    assert.equal([answer.status, codeOf(answer)], [401, "BadSignature"]);
    assert.equal(await rawKeys(), before);
  },
);

bodies("that arrives in base64 is checked by its bytes, like any other", async () => {
  const good = target.crm.sign("website", `{${contact},"name":"Zoë"}`);
  const binary = { ...good, headers: { ...good.headers, "content-type": "application/octet-stream" } };
  assert.is((await sendSigned(target, { ...binary, body: good.body.replace("Zoë", "Eve") })).status, 401);
  assert.is((await sendSigned(target, binary)).status, 202);
});

bodies("above API Gateway's 10 MB is answered 413 and reaches no function", async () => {
  let invocations = 0;
  target.functions.get("leadwire-dev-ingest")?.on("invoked", () => {
    invocations += 1;
  });
  const { headers } = target.crm.sign("website", "{}");
  assert.is((await send(target, "/website", Buffer.alloc(10 * 1024 * 1024 + 1, " "), headers)).status, 413);
  assert.is(invocations, 0);
  assert.is((await send(target, "/website", Buffer.alloc(1024 * 1024, " "), headers)).status, 401);
  assert.is(invocations, 1);
});

bodies("that were accepted were all announced, each once, and none of them is a dead letter", async () => {
  await allAnnouncedOnce(target);
  assert.is((await keysIn(target)).length, 2 * (await rawKeys()).length);
  assert.equal(target.deadLetters.contents(), []);
});

bodies.run();
