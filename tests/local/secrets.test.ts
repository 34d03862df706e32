import type { Stack } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { madeUpSecrets } from "../../local/secrets.ts";

/** The parts of a stack that name secrets. */
const resources: Readonly<Record<string, object[]>> = {
  aws_lambda_function: [
    {
      environment: {
        variables: {
          SOURCES: '{"crm":"standard-webhooks","smoke":"standard-webhooks"}',
          SOURCE_PARAMETERS: "/sources",
        },
      },
    },
    { environment: { variables: {} } },
  ],
  aws_ssm_parameter: [
    { name: "/sources/crm/settings", insecure_value: '{"title":"CRM"}' },
    { name: "/sources/smoke/settings", insecure_value: "{}" },
  ],
};
const outputs: Readonly<Record<string, object>> = {
  source_secret_parameters: {
    crm: ["/sources/crm/signing-secret", "/sources/crm/verify-token", "/sources/crm/api-token"],
    smoke: ["/sources/smoke/signing-secret"],
  },
  slack_webhook_parameters: { sales: "/slack/sales" },
};
const stack = {
  parametersRead: ["/pager"],
  output: (name: string) => outputs[name],
  of: (type: string) => resources[type]?.map((values) => ({ values })) ?? [],
} as unknown as Stack;
const urls = { webhookUrl: (_: string, destination: string) => `slack ${destination}`, pagerUrl: "pager" };

const secrets = suite("secrets of a run");
secrets("are made up for every parameter that ingest and enrich read, the same for the same seed", () => {
  const { parameters, sources } = madeUpSecrets(stack, 1, urls);
  assert.equal(Object.keys(parameters).sort(), [
    "/pager",
    "/slack/sales",
    "/sources/crm/api-token",
    "/sources/crm/signing-secret",
    "/sources/crm/verify-token",
    "/sources/smoke/signing-secret",
  ]);
  assert.is(new Set(Object.values(parameters)).size, 6);
  assert.is(sources.get("crm")?.secrets["signing-secret"], parameters["/sources/crm/signing-secret"]);
  assert.equal(sources.get("crm")?.settings, { title: "CRM" });
  assert.equal(madeUpSecrets(stack, 1, urls).parameters, parameters);
  assert.is.not(
    madeUpSecrets(stack, 2, urls).parameters["/sources/crm/api-token"],
    parameters["/sources/crm/api-token"],
  );
});
secrets("name no source of smoke tests that sends leads, because nobody is told of its leads", () => {
  assert.equal([...madeUpSecrets(stack, 1, urls).sources.keys()], ["crm"]);
});
secrets.run();
