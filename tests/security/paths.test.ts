import { suite } from "uvu";
import * as assert from "uvu/assert";
import { allAnnouncedOnce, keysIn, sendSigned, startTarget, type Target } from "./security-fixtures.ts";

let target: Target;
const paths = suite("security :: paths");
paths.before(async () => {
  target = await startTarget();
});
paths.after(() => target.stop());

for (const path of [
  "/",
  "//website",
  "/website/",
  "/website/../x",
  "/website/../website",
  "/website/%2e%2e/x",
  "/%2e%2e%2fwebsite",
  "/..%2fwebsite",
  "/website%2f..%2fcrm",
  "/website%2f",
  "/website%00",
  "/website%0d%0aX-Injected:1",
  "/website%20",
  "/%ff",
  "/%",
  "/WEBSITE",
  "/web%E2%80%8Bsite",
  "/webs%D1%96te",
  "/%EF%BD%97ebsite",
  "/website;x=1",
  "/website%3Fx",
  "/__proto__",
  "/constructor",
  "/toString",
  "/hasOwnProperty",
  "/enriched",
  "/enriched%2fdt=2026-01-01%2fx",
  "/file",
  "/*",
  `/${"w".repeat(5000)}`,
]) {
  const shown = path.length > 60 ? `${path.slice(0, 20)}…` : path;
  paths(`${shown} leads nowhere, though the request is signed well`, async () => {
    const signed = target.crm.sign("website", '{"email":"ada@example.com"}');
    assert.is((await sendSigned(target, signed, path)).status, 404);
    assert.equal(await keysIn(target), []);
  });
}

for (const path of ["/website?source=crm", "/website?../../x", "/website?__proto__[x]=1"]) {
  paths(`${path} is the source website, whatever its query says`, async () => {
    const signed = target.crm.sign("website", '{"email":"ada@example.com"}');
    const { status, text } = await sendSigned(target, signed, path);
    assert.is(status, 202);
    assert.match(JSON.parse(text).leads[0].key, /^website-[0-9a-f]{32}\.json$/);
  });
}

paths("stored nothing at the root but website-{hash}.json, and nothing below but enriched/dt={day}/", async () => {
  await allAnnouncedOnce(target);
  const keys = await keysIn(target);
  assert.is(keys.length, 6);
  for (const key of keys) assert.match(key, /^(enriched\/dt=\d{4}-\d\d-\d\d\/)?website-[0-9a-f]{32}\.json$/);
});

paths.run();
