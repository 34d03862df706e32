import { PutSuppressedDestinationCommand } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { accountDetails } from "../../ops/email/production-access.ts";
import type { EmailCommand } from "../../ops/options.ts";
import { failureOf } from "../helpers/failure.ts";
import { awsError } from "../helpers/fakes.ts";
import { withSes } from "../helpers/local-ses.ts";
import { answering, healthy, ops, sandbox, status } from "./email-fixtures.ts";

const { prod } = environments;
const request: EmailCommand = { name: "email request-production", env: "prod", dryRun: false };
const unsuppress = (address: string): EmailCommand => ({ name: "email unsuppress", env: "prod", address });

const access = suite("ops email request-production");

access("--dry-run shows what would be sent, and asks nobody", async () => {
  const { ses, asked } = answering({});
  const { printed, code } = await ops(ses, { ...request, dryRun: true });
  assert.equal([asked, code], [[], 0]);
  assert.equal(printed.split("\n").slice(0, 7), [
    "would ask AWS for production access of SES in us-east-1:",
    "  MailType: TRANSACTIONAL",
    "  WebsiteURL: https://www.example.com",
    "  ContactLanguage: EN",
    "  AdditionalContactEmailAddresses: platform@example.com",
    "  ProductionAccessEnabled: true",
    "  UseCaseDescription:",
  ]);
});

access("the use case is made of the environment's facts and fits SES", () => {
  const { UseCaseDescription: text = "" } = accountDetails(prod);
  for (const fact of ["leads.example.com", "2 fixed addresses", "500 messages", "suppression list"]) {
    assert.match(text, fact);
  }
  assert.ok(text.length <= 5000);
  const many = Array.from({ length: 10 }, (_, index) => `a${index}@example.com`);
  assert.is(accountDetails({ ...prod, alarmEmails: many }).AdditionalContactEmailAddresses?.length, 4);
});

access("asks once, shows the state after it, and does not ask again while AWS reviews", () =>
  withSes(
    async (ses) => {
      const first = await ops(ses, request);
      assert.match(first.printed, /^Asked AWS for production access of SES in us-east-1\.\nEmail of prod/);
      assert.match(first.printed, "sandbox; request PENDING, case local-1");
      const second = await ops(ses, request);
      assert.match(second.printed, /^AWS is reviewing a request already \(case local-1\); nothing was asked\./);
      assert.equal([first.code, second.code], [0, 0]);
    },
    { sandbox: true },
  ),
);

access("says that access is granted, and asks nothing", async () => {
  const { ses, asked } = answering(healthy);
  const { printed, code } = await ops(ses, request);
  assert.match(printed, /^The account has production access in us-east-1 already; nothing was asked\./);
  assert.equal([code, asked.some(({ operation }) => operation === "PutAccountDetails")], [0, false]);
});

access("shows the request as pending although SES does not show it yet", async () => {
  const { printed } = await ops(answering({ ...sandbox(), PutAccountDetails: {} }).ses, request);
  assert.match(printed, "sandbox; request PENDING");
});

access("refuses an account that the stack is not in, whatever it has asked for", async () => {
  const { ses, asked } = answering({ ...sandbox("PENDING"), GetEmailIdentity: undefined });
  const { message } = await failureOf(ops(ses, request));
  assert.is(
    message,
    "SES in us-east-1 does not know leads.example.com: deploy leadwire-prod first, or choose its account by AWS_PROFILE.",
  );
  assert.not.ok(asked.some(({ operation }) => operation === "PutAccountDetails"));
});

access("a conflict names the case to go on in", async () => {
  const { ses } = answering({ ...sandbox("DENIED"), PutAccountDetails: awsError("ConflictException", 409) });
  const { message } = await failureOf(ops(ses, request));
  assert.is(
    message,
    "AWS has a request already, DENIED (case 7), and takes no new one: go on in its case, in the AWS Support Center.",
  );
});

access("refuses an environment that breaks a rule, before it asks", async () => {
  const { ses, asked } = answering(sandbox());
  const broken = { ...prod, email: { ...prod.email, websiteUrl: "example.com" } };
  assert.match((await failureOf(ops(ses, request, broken))).message, "environments.prod.email.websiteUrl");
  assert.equal(asked, []);
});

access.run();

const list = suite("ops email unsuppress");

list("takes an address off the list, which status no longer names", () =>
  withSes(async (ses) => {
    await ses.send(new PutSuppressedDestinationCommand({ EmailAddress: "sales@example.com", Reason: "BOUNCE" }));
    const before = await ops(ses, status);
    assert.match(before.printed, /recipient {2}sales@example\.com suppressed since \d{4}-\d\d-\d\d, BOUNCE/);
    assert.match(before.printed, "npm run ops -- email unsuppress --env prod --address sales@example.com");
    assert.is(before.code, 1);
    const { printed, code } = await ops(ses, unsuppress("sales@example.com"));
    assert.match(printed, /^SES writes to sales@example\.com again/);
    assert.equal([code, (await ops(ses, status)).code], [0, 0]);
  }),
);

list("says when an address is not on it", () =>
  withSes(async (ses) => {
    assert.is(
      (await failureOf(ops(ses, unsuppress("ops@example.com")))).message,
      "--address ops@example.com: it is not on the suppression list of prod in us-east-1.",
    );
  }),
);

list.run();
