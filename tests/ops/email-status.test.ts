import { readFileSync } from "node:fs";
import type { SESv2Client } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { emailStatus } from "../../ops/commands/email-status.ts";
import { readEmailStatus } from "../../ops/email/status.ts";
import { withSes } from "../helpers/local-ses.ts";
import { account, answering, dev, healthy, prod, sandbox } from "./email-fixtures.ts";
import { run } from "./ops-fixtures.ts";

const showing = suite("ops email status");

showing("of an environment that is well ends with 0", () =>
  withSes(async (ses) => {
    const { printed, code } = await run(emailStatus, { env: prod, json: false }, { ses: () => ses });
    assert.is(
      printed,
      [
        "Email of prod, in production mode, SES in us-east-1",
        "  access     production",
        "  sending    enabled, HEALTHY; configuration set sending",
        "  quota      0 of 50000 recipients used in 24 hours; 14 a second",
        "  identity   leads.example.com SUCCESS, DKIM SUCCESS, MAIL FROM mail.leads.example.com SUCCESS",
        "  recipient  sales@example.com reachable",
        "  recipient  revops@example.com reachable",
        "All is well.",
      ].join("\n"),
    );
    assert.is(code, 0);
    const { printed: json } = await run(emailStatus, { env: prod, json: true }, { ses: () => ses });
    assert.equal(JSON.parse(json), JSON.parse(JSON.stringify({ ...(await readEmailStatus(ses, prod)), problems: [] })));
  }),
);

showing("in sandbox mode an account in the sandbox is well, and every address is an identity", async () => {
  const { printed, code } = await run(emailStatus, { env: dev, json: false }, answering(sandbox()).ports);
  assert.match(printed, "access     sandbox; AWS was not asked for production access");
  assert.match(printed, "identity   leadwire-dev@example.com SUCCESS\n  identity   sales-dev@example.com SUCCESS");
  assert.equal([printed.includes("To do"), code], [false, 0]);
});

const setWith = (changes: object) => ({
  ...healthy,
  GetConfigurationSet: { ...healthy.GetConfigurationSet, ...changes },
});
const suppressing = (...reasons: string[]) => setWith({ SuppressionOptions: { SuppressedReasons: reasons } });
const identity = (changes: object) => ({ ...healthy, GetEmailIdentity: { ...healthy.GetEmailIdentity, ...changes } });
for (const [problem, answers, remedy] of [
  [
    "an account that AWS was not asked about",
    sandbox(),
    /not asked for production access: npm run ops -- email request/,
  ],
  ["a request under review", sandbox("PENDING"), /AWS has the request for production access \(case 7\)/],
  ["a request that was denied", sandbox("DENIED"), /denied production access \(case 7\): answer the case/],
  ["a request that failed", sandbox("FAILED"), /did not reach AWS: run npm run ops -- email request-production/],
  ["paused sending", account({ SendingEnabled: false }), /put-account-sending-attributes --sending-enabled/],
  ["an account under review", account({ EnforcementStatus: "PROBATION" }), /\(PROBATION\): fix/],
  ["a suspended account", account({ EnforcementStatus: "SHUTDOWN" }), /\(SHUTDOWN\): answer the case/],
  [
    "no suppression",
    setWith({ SuppressionOptions: undefined }),
    /leadwire-prod does not suppress both bounces and complaints/,
  ],
  ...(["BOUNCE", "COMPLAINT"] as const).map(
    (reason) =>
      [`suppression of ${reason} alone`, suppressing(reason), /suppress both bounces and complaints/] as const,
  ),
  [
    "a quota below what is needed",
    account({ SendQuota: { Max24HourSend: 999, MaxSendRate: 1, SentLast24Hours: 0 } }),
    /999 recipients a day is less than the 1000 .* Service Quotas/,
  ],
  [
    "a quota that is used up",
    account({ SendQuota: { Max24HourSend: 1000, MaxSendRate: 1, SentLast24Hours: 1000 } }),
    /All 1000 recipients of the day's quota are used up/,
  ],
  ["a paused configuration set", setWith({ SendingOptions: { SendingEnabled: false } }), /leadwire-prod: deploy/],
  ["no configuration set", { ...healthy, GetConfigurationSet: undefined }, /no configuration set leadwire-prod/],
  ["no identity", { ...healthy, GetEmailIdentity: undefined }, /does not know leads.example.com: deploy the stack/],
  ["an unverified domain", identity({ VerificationStatus: "PENDING" }), /output dkim_records into its DNS/],
  ["a domain whose DKIM failed", identity({ DkimAttributes: { Status: "FAILED" } }), /DKIM FAILED\): put the records/],
  [
    "a MAIL FROM that is not ready",
    identity({ MailFromAttributes: { MailFromDomain: "mail.x.io", MailFromDomainStatus: "FAILED" } }),
    /mail.x.io is not ready \(FAILED\): put the records of the output mail_from_records/,
  ],
] as const) {
  showing(`names ${problem} with what to do, and ends with 1`, async () => {
    const { printed, code } = await run(emailStatus, { env: prod, json: true }, answering(answers).ports);
    const { problems } = JSON.parse(printed) as { problems: string[] };
    assert.is(problems.length, 1);
    assert.match(problems[0] ?? "", remedy);
    assert.is(code, 1);
  });
}

showing("names an address that has not been confirmed", async () => {
  const { printed } = await run(
    emailStatus,
    { env: dev, json: false },
    answering(identity({ VerificationStatus: "PENDING", DkimAttributes: { Status: "NOT_STARTED" } })).ports,
  );
  assert.match(printed, "sales-dev@example.com is not verified (PENDING): follow the link");
});

showing("says in sandbox mode that the account has left the sandbox", async () => {
  const { printed, code } = await run(emailStatus, { env: dev, json: false }, answering(healthy).ports);
  assert.match(printed, "access     production; the environment may use production mode");
  assert.is(code, 0);
});

showing("an unlimited quota is never too small", async () => {
  const { printed, code } = await run(
    emailStatus,
    { env: prod, json: false },
    answering(account({ SendQuota: { Max24HourSend: -1, MaxSendRate: 90, SentLast24Hours: 9 } })).ports,
  );
  assert.equal([printed.includes("9 of any number of recipients"), code], [true, 0]);
});

showing(
  "asks SES one call at a time, for every identity and recipient, in the environment's configuration set",
  async () => {
    let underWay = 0;
    const asked: string[] = [];
    const send = async ({ input }: { input: Readonly<Record<string, string>> }) => {
      underWay += 1;
      assert.is(underWay, 1);
      asked.push(...Object.values(input));
      await new Promise(setImmediate);
      underWay -= 1;
      return {};
    };
    await run(emailStatus, { env: dev, json: true }, { ses: () => ({ send }) as unknown as SESv2Client });
    const { sender, recipients } = dev.settings.email;
    assert.equal(asked, ["leadwire-dev", sender, ...recipients, ...recipients]);
  },
);

showing("what SES does not say is taken for what has to be looked at", async () => {
  const silent = { GetAccount: {}, GetConfigurationSet: {}, GetEmailIdentity: {} };
  const { printed } = await run(emailStatus, { env: prod, json: true }, answering(silent).ports);
  const { sendingEnabled, productionAccess, quota, identities, enforcement } = JSON.parse(printed);
  assert.equal([sendingEnabled, productionAccess, enforcement], [false, false, "UNKNOWN"]);
  assert.equal(quota, { perDay: 0, perSecond: 0, usedLast24Hours: 0 });
  assert.equal(identities, [{ identity: "leads.example.com", verification: "PENDING", dkim: "NOT_STARTED" }]);
});

showing("a quota of no recipients is shown as it is", async () => {
  const { ports } = answering(account({ SendQuota: { Max24HourSend: 0, MaxSendRate: 0, SentLast24Hours: 0 } }));
  const { printed, code } = await run(emailStatus, { env: prod, json: false }, ports);
  assert.match(printed, "0 of 0 recipients used in 24 hours; 0 a second");
  assert.is(code, 1);
});

showing("a quota that is just enough is no problem", async () => {
  const { ports } = answering(account({ SendQuota: { Max24HourSend: 1000, MaxSendRate: 2, SentLast24Hours: 999 } }));
  const { printed, code } = await run(emailStatus, { env: prod, json: false }, ports);
  assert.match(printed, "999 of 1000 recipients used in 24 hours; 2 a second");
  assert.is(code, 0);
});

showing("--json is one object, with the problems in it", async () => {
  const { printed } = await run(emailStatus, { env: prod, json: true }, answering(sandbox("PENDING")).ports);
  const { review, mode, problems } = JSON.parse(printed);
  assert.equal([review, mode, problems.length], [{ status: "PENDING", caseId: "7" }, "production", 1]);
});

showing("docs/operations.md shows what it prints", async () => {
  const bounced = { Reason: "BOUNCE", LastUpdateTime: new Date("2026-06-01T12:00:00Z"), EmailAddress: "" };
  const { ports } = answering({
    ...sandbox("PENDING", "1234567890"),
    GetAccount: {
      ...sandbox("PENDING", "1234567890").GetAccount,
      SendQuota: { Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: 0 },
    },
    GetSuppressedDestination: ({ EmailAddress }: { EmailAddress: string }) =>
      EmailAddress === "sales@example.com" ? { SuppressedDestination: bounced } : undefined,
  });
  const { printed } = await run(emailStatus, { env: prod, json: false }, ports);
  assert.match(readFileSync("docs/operations.md", "utf8"), `$ npm run ops -- email status --env prod\n${printed}\n`);
});

showing.run();
