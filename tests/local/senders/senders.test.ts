import { mapKeys } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import { senders } from "../../../local/senders/index.ts";
import { LeadSource } from "../../../local/senders/leads.ts";
import { withDefaults } from "../../../stacks/stages/sources.ts";
import { doorOf } from "../../functions/sources/door-of.ts";
import { sourceRequest } from "../../functions/sources/source-request.ts";

const now = new Date("2026-03-01T12:00:00.500Z");
const changed: Partial<Record<SourceFormat, object>> = {
  hmac: { header: "X-Sig", encoding: "base64", prefix: "v1=", signedContent: "{timestamp}.{body}" },
  token: { header: "X-Token" },
};

/** A format's door, and a request of its sender. @param by the secret that the sender has */
async function sent(format: SourceFormat, settings: object, secret: string, by: string | undefined) {
  const sender = senders[format];
  const body = sender.body(new LeadSource(1).next(), by);
  const given = withDefaults(sourceFormats[format].settings, settings);
  const headers = mapKeys(sender.headers({ body, eventId: "event", at: now }, by, given), (_, name) =>
    name.toLowerCase(),
  );
  const door = await doorOf(format, { secrets: [secret], now, settings });
  return { door, body, request: sourceRequest({ headers, body: Buffer.from(body) }) };
}

const all = suite("senders");

for (const format of Object.keys(sourceFormats) as SourceFormat[]) {
  all(`${format} sends a new lead that its door lets in, and only with the secret`, async () => {
    const secret = senders[format].makeSecret("seed");
    for (const settings of [{}, changed[format] ?? {}]) {
      const { door, request, body } = await sent(format, settings, secret, secret);
      assert.ok(door.accepts(request));
      assert.equal(
        door.split(body, request.headers).map(({ kind }) => kind),
        ["lead"],
      );
      for (const by of [undefined, senders[format].makeSecret("other")]) {
        const unproven = await sent(format, settings, secret, by);
        assert.not.ok(unproven.door.accepts(unproven.request));
      }
    }
  });
}

all.run();
