import { TerraformOutput } from "cdktf";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { region } from "../../environments/schema/account.ts";
import {
  dkimRegions,
  domainSender,
  type EmailSender,
  sandboxSender,
  seeSuppression,
  sendEmail,
} from "../../modules/email-sender.ts";
import type { Stack } from "../../stacks/stack.ts";
import { moduleStack } from "../helpers/module-stack.ts";
import { ref } from "../helpers/synth.ts";

/** Writes what a sender tells its caller into outputs of the stack. */
function outputs(stack: Stack, { resources, configurationSet, dnsRecords }: EmailSender): void {
  const values = { resources, configurationSet, ...dnsRecords };
  for (const [name, value] of Object.entries(values)) new TerraformOutput(stack, name, { value });
}
const sandbox = moduleStack((stack) => {
  const sender = sandboxSender(stack, "post", {
    identities: ["leads@example.com", "team@example.com"],
    configurationSetName: "a-set",
  });
  outputs(stack, sender);
});
const inRegion = (code: string) =>
  moduleStack((stack) => {
    const sender = domainSender(stack, "post", {
      domain: "leads.example.com",
      configurationSetName: "a-set",
      region: code,
    });
    outputs(stack, sender);
  });
const production = inRegion("eu-west-1");
const valuesOf = (stack: typeof sandbox) =>
  Object.fromEntries(Object.entries(stack.file.output).map(([name, { value }]) => [name, value]));
const setName = ref("aws_sesv2_configuration_set.post.configuration_set_name");
const setArn = ref("aws_sesv2_configuration_set.post.arn");

const configurationSet = suite("email configuration set");
for (const [mode, stack] of Object.entries({ sandbox, production })) {
  configurationSet(`in ${mode} mode sends over TLS, counts reputation, and suppresses bounces and complaints`, () => {
    assert.equal(stack.settings("aws_sesv2_configuration_set.post"), {
      configuration_set_name: "a-set",
      delivery_options: { tls_policy: "REQUIRE" },
      reputation_options: { reputation_metrics_enabled: true },
      sending_options: { sending_enabled: true },
      suppression_options: { suppressed_reasons: ["BOUNCE", "COMPLAINT"] },
    });
  });
  configurationSet(`in ${mode} mode changes no setting of the whole account`, () => {
    assert.equal(
      stack.addresses.filter((address) => /_account_/.test(address)),
      [],
    );
  });
  configurationSet(`in ${mode} mode counts failures in CloudWatch, and publishes no event with a subject`, () => {
    assert.equal(stack.settings("aws_sesv2_configuration_set_event_destination.post"), {
      configuration_set_name: setName,
      event_destination_name: "metrics",
      event_destination: {
        enabled: true,
        matching_event_types: ["BOUNCE", "COMPLAINT", "REJECT"],
        cloud_watch_destination: {
          dimension_configuration: [
            {
              dimension_name: "ses:configuration-set",
              dimension_value_source: "MESSAGE_TAG",
              default_dimension_value: "a-set",
            },
          ],
        },
      },
    });
  });
}
configurationSet.run();

const inSandbox = suite("sandbox sender");
inSandbox("has AWS verify every address, and may use them and the configuration set", () => {
  const addresses = sandbox.all("aws_sesv2_email_identity").map(([, block]) => block.email_identity);
  assert.equal(addresses, ["leads@example.com", "team@example.com"]);
  assert.equal(sandbox.settings("aws_sesv2_email_identity.post_team_example_com"), {
    email_identity: "team@example.com",
  });
  assert.equal(valuesOf(sandbox), {
    resources: [
      ref("aws_sesv2_email_identity.post_leads_example_com.arn"),
      ref("aws_sesv2_email_identity.post_team_example_com.arn"),
      setArn,
    ],
    configurationSet: setName,
  });
});
inSandbox.run();

const ofDomain = suite("domain sender");
ofDomain("has SES verify the domain and sign with 2048 bits, by default with the configuration set", () => {
  assert.equal(production.settings("aws_sesv2_email_identity.post"), {
    email_identity: "leads.example.com",
    configuration_set_name: setName,
    dkim_signing_attributes: { next_signing_key_length: "RSA_2048_BIT" },
  });
});
ofDomain("has a MAIL FROM domain, and sends without it while its MX record is missing", () => {
  assert.equal(production.settings("aws_sesv2_email_identity_mail_from_attributes.post"), {
    email_identity: ref("aws_sesv2_email_identity.post.email_identity"),
    mail_from_domain: "mail.leads.example.com",
    behavior_on_mx_failure: "USE_DEFAULT_VALUE",
  });
});
ofDomain("says which DNS records the domain needs", () => {
  const { dkim_records, mail_from_records } = valuesOf(production);
  const tokens = "aws_sesv2_email_identity.post.dkim_signing_attributes[0].tokens";
  const name = `\${token}._domainkey.leads.example.com`;
  const value = `\${token}.dkim.amazonses.com`;
  assert.is(dkim_records, `\${[for token in ${tokens} : { name = "${name}", type = "CNAME", value = "${value}" }]}`);
  assert.equal(mail_from_records, [
    { name: "mail.leads.example.com", type: "MX", value: "10 feedback-smtp.eu-west-1.amazonses.com" },
    { name: "mail.leads.example.com", type: "TXT", value: "v=spf1 include:amazonses.com ~all" },
  ]);
});
for (const code of dkimRegions) {
  ofDomain(`in ${code} finds the keys of DKIM in a domain of the Region`, () => {
    const { dkim_records } = valuesOf(inRegion(code));
    assert.match(String(dkim_records), `value = "\${token}.dkim.${code}.amazonses.com"`);
  });
}
ofDomain("knows Regions with keys of their own only among those that an environment may be in", () => {
  assert.equal(
    dkimRegions.filter((code) => !region.isValidSync(code)),
    [],
  );
});
ofDomain("finds the keys of DKIM in the domain of all other Regions elsewhere", () => {
  for (const code of ["us-east-1", "us-west-2", "eu-central-1", "me-south-1", "ap-southeast-2"]) {
    assert.match(String(valuesOf(inRegion(code)).dkim_records), `value = "\${token}.dkim.amazonses.com"`);
  }
});
ofDomain("says which DMARC record the domain needs, which asks nobody to refuse an email", () => {
  const { dmarc_records } = valuesOf(production);
  assert.equal(dmarc_records, [{ name: "_dmarc.leads.example.com", type: "TXT", value: "v=DMARC1; p=none" }]);
});
ofDomain("sends by the domain and the configuration set", () => {
  const { resources, configurationSet: set } = valuesOf(production);
  assert.equal([resources, set], [[ref("aws_sesv2_email_identity.post.arn"), setArn], setName]);
});
ofDomain.run();

const permission = suite("email permissions");
permission("allow to send by the sender's resources, from its address alone", () => {
  const statement = sendEmail("leads@example.com", { resources: ["arn:a", "arn:b"] });
  assert.equal(statement, {
    sid: "SendEmail",
    actions: ["ses:SendEmail"],
    resources: ["arn:a", "arn:b"],
    condition: { StringEquals: { "ses:FromAddress": "leads@example.com" } },
  });
});
permission("allow to ask for suppressed addresses and nothing else", () => {
  assert.equal(seeSuppression, {
    sid: "SeeSuppression",
    actions: ["ses:GetSuppressedDestination"],
    resources: ["*"],
  });
});
permission.run();
