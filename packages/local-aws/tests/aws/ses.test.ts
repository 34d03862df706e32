import {
  DeleteSuppressedDestinationCommand,
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  GetSuppressedDestinationCommand,
  PutAccountDetailsCommand,
  SendEmailCommand,
} from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LocalSes } from "../../src/aws/ses.ts";
import { sesSettings } from "../../src/aws/ses-settings.ts";
import { readStack } from "../../src/stack/stack-file.ts";
import { buildStack, type Json, ref } from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";
import { dimensions, withSes } from "../helpers/ses.ts";

const mail = (to: readonly string[], text = "New order") =>
  new SendEmailCommand({
    FromEmailAddress: "shop@orders.example.com",
    Destination: { ToAddresses: [...to] },
    ConfigurationSetName: "shop-prod",
    Content: { Simple: { Subject: { Data: "New order" }, Body: { Text: { Data: text } } } },
  });

/** Who has got which mail, in order. */
async function delivered({ mailboxUrl }: LocalSes): Promise<string[][]> {
  const { emails } = (await (await fetch(`${mailboxUrl}/store`)).json()) as {
    emails: { destination: { to: string[] } }[];
  };
  return emails.map(({ destination }) => destination.to);
}
const [sales, revops] = ["sales@example.com", "revops@example.com"] as const;

const delivery = suite("ses delivery");

delivery("a mailbox that bounced gets no mail again, the others do, and its event comes with each mail", () =>
  withSes(async (client, ses, events) => {
    ses.faultyMailboxes.set(sales, "BOUNCE");
    await client.send(mail([sales, revops]));
    ses.faultyMailboxes.clear();
    await client.send(mail([sales, revops]));
    assert.equal(await delivered(ses), [[revops], [revops]]);
    assert.equal(events, [
      { type: "BOUNCE", dimensions },
      { type: "BOUNCE", dimensions },
    ]);
  }),
);

delivery("a message's headers have at most 126 and 870 ASCII characters, and there are at most 15", () =>
  withSes(async (client, ses) => {
    const withHeaders = (...Headers: { Name: string; Value: string }[]) => {
      const { input } = mail([sales]);
      return new SendEmailCommand({ ...input, Content: { Simple: { ...input.Content?.Simple, Headers } } as never });
    };
    const header = (name: number, value: string) => ({ Name: "X".repeat(name), Value: value });
    await client.send(withHeaders(header(126, "v".repeat(870))));
    await client.send(withHeaders(...Array.from({ length: 15 }, () => header(1, "v"))));
    for (const refused of [
      [header(1, "v".repeat(871))],
      [header(127, "v")],
      [header(1, "é")],
      [header(1, "")],
      [{ Name: "X:", Value: "v" }],
      Array.from({ length: 16 }, () => header(1, "v")),
    ]) {
      assert.is((await failureOf(client.send(withHeaders(...refused)))).name, "BadRequestException");
    }
    assert.equal(await delivered(ses), [[sales], [sales]]);
  }),
);

delivery("another stack that starts leaves the mails of a running one", () =>
  withSes(async (client, ses) => {
    await client.send(mail([sales]));
    await withSes(async (_, other) => assert.equal(await delivered(other), [[sales]]));
    assert.equal(await delivered(ses), [[sales]]);
  }),
);

delivery("the mails can be read with all that their senders gave, the oldest first", () =>
  withSes(async (client, ses) => {
    const { input } = mail([sales]);
    const Simple = {
      ...input.Content?.Simple,
      Subject: { Data: "Second" },
      Body: { Text: { Data: "text" }, Html: { Data: "<p>html" } },
      Headers: [{ Name: "X-Order", Value: "7" }],
    };
    await client.send(mail([sales]));
    const ReplyToAddresses = ["shop@example.com"];
    await client.send(new SendEmailCommand({ ...input, ReplyToAddresses, Content: { Simple } }));
    const [first, second, ...others] = ses.mails();
    assert.equal([first?.subject, others], ["New order", []]);
    const { messageId, at, ...said } = second ?? {};
    assert.match(messageId ?? "", /./);
    assert.ok(Math.abs(Number(at) - Date.now() / 1000) < 60);
    assert.equal(said, {
      from: "shop@orders.example.com",
      replyTo: ReplyToAddresses,
      destination: { to: [sales], cc: [], bcc: [] },
      subject: "Second",
      body: { html: "<p>html", text: "text" },
      attachments: [],
      headers: [{ name: "X-Order", value: "7" }],
    });
  }),
);

delivery("a message to suppressed addresses alone is accepted and in no mailbox", () =>
  withSes(async (client, ses) => {
    ses.faultyMailboxes.set(sales, "COMPLAINT");
    await client.send(mail([sales]));
    const { MessageId } = await client.send(mail([sales]));
    assert.ok(MessageId);
    assert.equal(await delivered(ses), [[sales]]);
  }),
);

delivery("an address gets on the list for the reasons of the message's configuration set alone", () =>
  withSes(
    async (client, ses) => {
      const listed = async () => {
        const answer = client.send(new GetSuppressedDestinationCommand({ EmailAddress: sales }));
        return answer.then(
          ({ SuppressedDestination }) => SuppressedDestination?.Reason,
          ({ name }: Error) => name,
        );
      };
      ses.faultyMailboxes.set(sales, "BOUNCE");
      await client.send(mail([sales]));
      assert.is(await listed(), "NotFoundException");
      ses.faultyMailboxes.set(sales, "COMPLAINT");
      await client.send(mail([sales]));
      assert.is(await listed(), "COMPLAINT");
      const { SuppressionOptions } = await client.send(
        new GetConfigurationSetCommand({ ConfigurationSetName: "shop-prod" }),
      );
      assert.equal(SuppressionOptions?.SuppressedReasons, ["COMPLAINT"]);
    },
    { configurationSets: [{ name: "shop-prod", suppressedReasons: ["COMPLAINT"], metrics: [] }] },
  ),
);

delivery("an address that is taken off the list gets mail again, and only a listed one can be taken off", () =>
  withSes(async (client, ses) => {
    ses.faultyMailboxes.set(sales, "BOUNCE");
    await client.send(mail([sales]));
    ses.faultyMailboxes.clear();
    const { SuppressedDestination: listed } = await client.send(
      new GetSuppressedDestinationCommand({ EmailAddress: sales }),
    );
    assert.is(listed?.Reason, "BOUNCE");
    const age = Date.now() - Number(listed?.LastUpdateTime);
    assert.ok(age > -1000 && age < 86_400_000, `${age} ms old`);
    await client.send(new DeleteSuppressedDestinationCommand({ EmailAddress: sales }));
    const again = await failureOf(client.send(new DeleteSuppressedDestinationCommand({ EmailAddress: sales })));
    assert.equal([again.name, again.$metadata?.httpStatusCode], ["NotFoundException", 404]);
    await client.send(mail([sales]));
    assert.equal(await delivered(ses), [[sales]]);
  }),
);

delivery("what looks like a virus is rejected for everybody after it was accepted", () =>
  withSes(async (client, ses, events) => {
    await client.send(mail([sales], "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"));
    assert.equal([await delivered(ses), events], [[], [{ type: "REJECT", dimensions }]]);
  }),
);

delivery("a domain that only ends like one of the stack is no identity", () =>
  withSes(async (client) => {
    const { input } = mail([sales]);
    const FromEmailAddress = "shop@evilorders.example.com";
    assert.is(
      (await failureOf(client.send(new SendEmailCommand({ ...input, FromEmailAddress })))).name,
      "MessageRejected",
    );
  }),
);

delivery("a configuration set that is not there is NotFoundException", () =>
  withSes(
    async (client) => {
      assert.is((await failureOf(client.send(mail([sales])))).name, "NotFoundException");
    },
    { configurationSets: [] },
  ),
);

delivery.run();

const account = suite("ses account");

account("is what the stack makes it: identities, MAIL FROM domains, and sets with the metrics of their events", () => {
  const destination = (enabled: boolean, more: object = {}) => ({
    configuration_set_name: ref("aws_sesv2_configuration_set.prod.configuration_set_name"),
    event_destination: { enabled, matching_event_types: ["BOUNCE", "REJECT"], ...more },
  });
  const counted = [
    { dimension_name: "ses:configuration-set", default_dimension_value: "other" },
    { dimension_name: "shop", default_dimension_value: "till" },
  ];
  const metrics = { cloud_watch_destination: { dimension_configuration: counted } };
  const settings = (identities: Record<string, Json>) =>
    sesSettings(
      readStack(
        buildStack({
          resource: {
            aws_sesv2_email_identity: identities,
            aws_sesv2_email_identity_mail_from_attributes: {
              own: { email_identity: "example.com", mail_from_domain: "mail.example.com" },
            },
            aws_sesv2_configuration_set: {
              prod: { configuration_set_name: "prod", suppression_options: { suppressed_reasons: ["COMPLAINT"] } },
              plain: { configuration_set_name: "plain" },
            },
            aws_sesv2_configuration_set_event_destination: {
              on: destination(true, metrics),
              off: destination(false, metrics),
              topic: destination(true),
            },
          },
        }),
        { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" },
      ),
    );
  const [address, domain] = [{ email_identity: "a@example.com" }, { email_identity: "example.com" }];
  assert.equal(settings({ address, domain }), {
    identities: ["a@example.com", "example.com"],
    sandbox: false,
    mailFrom: new Map([["example.com", "mail.example.com"]]),
    configurationSets: [
      {
        name: "prod",
        suppressedReasons: ["COMPLAINT"],
        metrics: [{ eventTypes: ["BOUNCE", "REJECT"], dimensions: { "ses:configuration-set": "prod", shop: "till" } }],
      },
      { name: "plain", suppressedReasons: ["BOUNCE", "COMPLAINT"], metrics: [] },
    ],
  });
  assert.is(settings({ address }).sandbox, true);
});
const details = { MailType: "TRANSACTIONAL", WebsiteURL: "https://www.example.com" } as const;

account(
  "in the sandbox there are 200 recipients a day; a request for more is under review, and there is one at a time",
  () =>
    withSes(
      async (client) => {
        const before = await client.send(new GetAccountCommand({}));
        assert.equal(
          [before.ProductionAccessEnabled, before.SendQuota, before.Details],
          [false, { Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: 0 }, undefined],
        );
        for (const lacking of [{ WebsiteURL: "" }, { MailType: undefined }]) {
          const incomplete = new PutAccountDetailsCommand({ ...details, ...lacking } as typeof details);
          assert.is((await failureOf(client.send(incomplete))).name, "BadRequestException");
        }
        await client.send(new PutAccountDetailsCommand(details));
        const { Details } = await client.send(new GetAccountCommand({}));
        assert.equal(Details?.ReviewDetails, { Status: "PENDING", CaseId: "local-1" });
        const again = await failureOf(client.send(new PutAccountDetailsCommand(details)));
        assert.equal([again.name, again.$metadata?.httpStatusCode], ["ConflictException", 409]);
      },
      { sandbox: true },
    ),
);

account("with production access the quota counts every recipient, suppressed ones too", () =>
  withSes(async (client, ses) => {
    ses.faultyMailboxes.set(sales, "BOUNCE");
    await client.send(mail([sales, revops]));
    await client.send(mail([sales, revops]));
    const { ProductionAccessEnabled, SendQuota } = await client.send(new GetAccountCommand({}));
    assert.equal(
      [ProductionAccessEnabled, SendQuota],
      [true, { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 4 }],
    );
  }),
);

account("identities of the stack are verified, and no others are there", () =>
  withSes(async (client) => {
    const found = await client.send(new GetEmailIdentityCommand({ EmailIdentity: "orders.example.com" }));
    assert.equal(
      [found.VerificationStatus, found.DkimAttributes?.Status, found.MailFromAttributes?.MailFromDomain],
      ["SUCCESS", "SUCCESS", "mail.orders.example.com"],
    );
    const missing = await failureOf(client.send(new GetEmailIdentityCommand({ EmailIdentity: "other.example.com" })));
    const set = await failureOf(client.send(new GetConfigurationSetCommand({ ConfigurationSetName: "other" })));
    for (const { name, $metadata } of [missing, set]) {
      assert.equal([name, $metadata?.httpStatusCode], ["NotFoundException", 404]);
    }
  }),
);

account.run();
