import type { Stack } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { madeUpSecrets } from "../../local/secrets.ts";

/** The parts of a stack that name secrets. */
const stack = {
  parametersRead: ["/pager"],
  output: (name: string) =>
    ({ source_secret_parameters: { crm: "/crm/signing-secret" }, slack_webhook_parameters: { sales: "/slack/sales" } })[
      name
    ],
  of: () =>
    [
      {
        SOURCES: JSON.stringify({
          crm: {
            format: "standard-webhooks",
            secretParameter: "/crm/signing-secret",
            otherSecretParameters: { "verify-token": "/crm/verify-token" },
          },
        }),
      },
      { FETCHED_SOURCES: JSON.stringify({ crm: { secretParameters: { "api-token": "/crm/api-token" } } }) },
    ].map((variables) => ({ values: { environment: { variables } } })),
} as unknown as Stack;
const urls = { webhookUrl: (_: string, destination: string) => `slack ${destination}`, pagerUrl: "pager" };

const secrets = suite("secrets of a run");
secrets("are made up for every parameter that ingest and enrich read, the same for the same seed", () => {
  const { parameters, sources } = madeUpSecrets(stack, 1, urls);
  assert.equal(Object.keys(parameters).sort(), [
    "/crm/api-token",
    "/crm/signing-secret",
    "/crm/verify-token",
    "/pager",
    "/slack/sales",
  ]);
  assert.is(new Set(Object.values(parameters)).size, 5);
  assert.is(sources.get("crm")?.secrets["signing-secret"], parameters["/crm/signing-secret"]);
  assert.equal(madeUpSecrets(stack, 1, urls).parameters, parameters);
  assert.is.not(madeUpSecrets(stack, 2, urls).parameters["/crm/api-token"], parameters["/crm/api-token"]);
});
secrets.run();
