import { createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keysIn, sendSigned, startTarget } from "./security-fixtures.ts";

const body = '{"email":"ada@example.com"}';

const secrets = suite("security :: secrets");
for (const values of [
  ["", " \n"],
  ["whsec_", "whsec_%%%"],
]) {
  secrets(
    `of a source that is ${values.map((value) => JSON.stringify(value)).join(" or ")} let nobody in`,
    async () => {
      const secretOf = (name: string) => {
        if (name.endsWith("/settings")) return "{}";
        return values[name.includes("/crm/") ? 0 : 1];
      };
      const unusable = await startTarget({
        intercept: ({ operation, parameters: { Names } }) => {
          if (operation !== "GetParameters") return undefined;
          const Parameters = (Names as string[]).map((Name) => ({ Name, Value: secretOf(Name) }));
          return { status: 200, headers: {}, body: JSON.stringify({ Parameters }) };
        },
      });
      try {
        const at = String(Math.floor(Date.now() / 1000));
        const mac = createHmac("sha256", "").update(`msg_1.${at}.${body}`).digest("base64");
        const headers = { "webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": `v1,${mac}` };
        for (const path of ["/crm", "/website"]) {
          assert.is((await sendSigned(unusable, { url: "", headers, body }, path)).status, 503);
        }
        assert.equal(await keysIn(unusable), []);
      } finally {
        await unusable.stop();
      }
    },
  );
}
secrets.run();
