import { ConflictException, PutSuppressedDestinationCommand } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { requestProduction } from "../../ops/commands/email-request-production.ts";
import { emailStatus } from "../../ops/commands/email-status.ts";
import { unsuppress } from "../../ops/commands/email-unsuppress.ts";
import { accountDetails } from "../../ops/email/production-access.ts";
import { failureOf } from "../helpers/failure.ts";
import { withSes } from "../helpers/local-ses.ts";
import { answering, healthy, prod, sandbox } from "./email-fixtures.ts";
import { run } from "./ops-fixtures.ts";

const request = { env: prod, dryRun: false };
const status = { env: prod, json: false };

const access = suite("ops email request-production");

access("--dry-run shows what would be sent, and asks nobody", async () => {
  const { ports, asked } = answering({});
  const { printed, code } = await run(requestProduction, { ...request, dryRun: true }, ports);
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
  const { UseCaseDescription: text = "" } = accountDetails(prod.settings);
  assert.equal(text.split("\n"), [
    "Leadwire tells our own sales team of new leads in our CRM. It does so in Slack, and by email only while Slack does not take messages.",
    "What: one notification for 1 to 50 leads, in text and HTML, without attachments and without marketing, from leadwire@leads.example.com; its domain leads.example.com is signed with DKIM and has a MAIL FROM domain of its own.",
    "To whom: 2 fixed addresses of our own staff, which stand in the deployed configuration. Nothing is ever sent to a lead or to an address that comes from outside.",
    "How much: none on most days, and at most 500 messages to 2 recipients on a day without Slack.",
    "Bounces and complaints: the account's suppression list takes both, a configuration set counts them, and each one alarms our operators, who repair the mailbox before they take its address off the list.",
    "Consent: recipients are staff who work with these leads; whoever wants no mail is taken out of the configuration.",
  ]);
  const many = Array.from({ length: 10 }, (_, index) => `a${index}@example.com`);
  assert.is(accountDetails({ ...prod.settings, alarmEmails: many }).AdditionalContactEmailAddresses?.length, 4);
});

access("asks once, shows the state after it, and does not ask again while AWS reviews", () =>
  withSes(
    async (ses) => {
      const first = await run(requestProduction, request, { ses: () => ses });
      assert.match(first.printed, /^Asked AWS for production access of SES in us-east-1\.\nEmail of prod/);
      assert.match(first.printed, "sandbox; request PENDING, case local-1");
      const second = await run(requestProduction, request, { ses: () => ses });
      assert.match(second.printed, /^AWS is reviewing a request already \(case local-1\); nothing was asked\./);
      assert.equal([first.code, second.code], [0, 0]);
    },
    { sandbox: true },
  ),
);

access("says that access is granted, and asks nothing", async () => {
  const { ports, asked } = answering(healthy);
  const { printed, code } = await run(requestProduction, request, ports);
  assert.match(printed, /^The account has production access in us-east-1 already; nothing was asked\./);
  assert.equal([code, asked.some(({ operation }) => operation === "PutAccountDetails")], [0, false]);
});

access("shows the request as pending although SES does not show it yet", async () => {
  const { printed } = await run(requestProduction, request, answering({ ...sandbox(), PutAccountDetails: {} }).ports);
  assert.match(printed, "sandbox; request PENDING");
});

access("refuses an account that the stack is not in, whatever it has asked for", async () => {
  const { ports, asked } = answering({ ...sandbox("PENDING"), GetEmailIdentity: undefined });
  const { message } = await failureOf(run(requestProduction, request, ports));
  assert.is(
    message,
    "SES in us-east-1 does not know leads.example.com: deploy leadwire-prod first, or choose its account with AWS_PROFILE.",
  );
  assert.not.ok(asked.some(({ operation }) => operation === "PutAccountDetails"));
});

access("a conflict names the case to go on in", async () => {
  const { ports } = answering({
    ...sandbox("DENIED"),
    PutAccountDetails: new ConflictException({ message: "Conflict.", $metadata: {} }),
  });
  const { message } = await failureOf(run(requestProduction, request, ports));
  assert.is(
    message,
    "AWS has a request already, DENIED (case 7), and takes no new one: continue in its case in the AWS Support Center.",
  );
});

access("refuses an environment that breaks a rule, before it asks", async () => {
  const { ports, asked } = answering(sandbox());
  const { settings } = prod;
  const broken = { ...prod, settings: { ...settings, email: { ...settings.email, websiteUrl: "example.com" } } };
  const { message } = await failureOf(run(requestProduction, { ...request, env: broken }, ports));
  assert.match(message, "environments.prod.email.websiteUrl");
  assert.equal(asked, []);
});

access.run();

const list = suite("ops email unsuppress");

list("takes an address off the list, which status no longer names", () =>
  withSes(async (ses) => {
    const ports = { ses: () => ses };
    await ses.send(new PutSuppressedDestinationCommand({ EmailAddress: "sales@example.com", Reason: "BOUNCE" }));
    const before = await run(emailStatus, status, ports);
    assert.match(before.printed, /recipient {2}sales@example\.com suppressed since \d{4}-\d\d-\d\d, BOUNCE/);
    assert.match(before.printed, "npm run ops -- email unsuppress --env prod --address sales@example.com");
    assert.is(before.code, 1);
    const { printed, code } = await run(unsuppress, { env: prod, address: "sales@example.com" }, ports);
    assert.match(printed, /^SES sends to sales@example\.com again/);
    assert.equal([code, (await run(emailStatus, status, ports)).code], [0, 0]);
  }),
);

list("says when an address is not on it", () =>
  withSes(async (ses) => {
    const ports = { ses: () => ses };
    assert.is(
      (await failureOf(run(unsuppress, { env: prod, address: "ops@example.com" }, ports))).message,
      "--address ops@example.com: it is not on the suppression list of prod in us-east-1.",
    );
  }),
);

list("says which account is meant when SES there does not know the environment", async () => {
  const { ports, asked } = answering({ ...healthy, GetEmailIdentity: undefined });
  const { message } = await failureOf(run(unsuppress, { env: prod, address: "sales@example.com" }, ports));
  assert.is(
    message,
    "SES in us-east-1 does not know leads.example.com: deploy leadwire-prod first, or choose its account with AWS_PROFILE.",
  );
  assert.equal(asked[0], { operation: "DeleteSuppressedDestination", input: { EmailAddress: "sales@example.com" } });
});

for (const [command, values, operation] of [
  [unsuppress, { env: prod, address: "sales@example.com" }, "DeleteSuppressedDestination"],
  [requestProduction, request, "PutAccountDetails"],
  [emailStatus, status, "GetConfigurationSet"],
] as const) {
  list(`${command.name} passes on any other error of SES`, async () => {
    const { ports } = answering({ ...sandbox(), [operation]: new Error("AccessDenied") });
    const { message } = await failureOf((command.run as (...args: unknown[]) => Promise<number>)(values, ports));
    assert.is(message, "AccessDenied");
  });
}

for (const [command, values] of [
  [unsuppress, { address: "sales@example.com" }],
  [requestProduction, { dryRun: false }],
  [emailStatus, { json: false }],
] as const) {
  list(`${command.name} asks SES in the environment's Region`, async () => {
    const regions: string[] = [];
    const env = { ...prod, settings: { ...prod.settings, region: "eu-north-1" } };
    const ses = (region: string) => {
      regions.push(region);
      return answering({ ...healthy, DeleteSuppressedDestination: {} }).ports.ses();
    };
    await (command.run as (...args: unknown[]) => Promise<number>)({ ...values, env }, { ses, print: () => {} });
    assert.equal(regions, ["eu-north-1"]);
  });
}

list.run();
