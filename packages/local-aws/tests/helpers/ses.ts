import { SESv2Client } from "@aws-sdk/client-sesv2";
import { operator } from "../../src/aws/call.ts";
import { Gateway } from "../../src/aws/gateway.ts";
import { type EmailEvent, type LocalSes, startSes } from "../../src/aws/ses.ts";
import type { SesSettings } from "../../src/aws/ses-settings.ts";

const place = { account: "123456789012", region: "us-east-1", gatewayUrl: "", apiUrl: "" };
/** Under which the configuration set's events are counted. */
export const dimensions = { "ses:configuration-set": "shop-prod" };
/** As prod has it, after AWS has granted production access. */
const settings: SesSettings = {
  identities: ["orders.example.com"],
  sandbox: false,
  mailFrom: new Map([["orders.example.com", "mail.orders.example.com"]]),
  configurationSets: [
    {
      name: "shop-prod",
      suppressedReasons: ["BOUNCE", "COMPLAINT"],
      metrics: [
        { eventTypes: ["BOUNCE", "COMPLAINT", "REJECT"], dimensions },
        { eventTypes: ["DELIVERY"], dimensions: { never: "counted" } },
      ],
    },
  ],
};

/** Runs SES behind a gateway for as long as `use` takes. */
export async function withSes(
  use: (client: SESv2Client, ses: LocalSes, events: EmailEvent[]) => Promise<void>,
  changes: Partial<SesSettings> = {},
): Promise<void> {
  const gateway = new Gateway({ authorize: () => undefined });
  const ses = await startSes(place, { ...settings, ...changes });
  gateway.add(ses);
  gateway.admit("operator", operator);
  await gateway.start();
  const events: EmailEvent[] = [];
  ses.events.on("event", (event) => events.push(event));
  const credentials = { accessKeyId: "operator", secretAccessKey: "made-up" };
  const client = new SESv2Client({ endpoint: gateway.url, region: "us-east-1", credentials, maxAttempts: 1 });
  try {
    await use(client, ses, events);
  } finally {
    client.destroy();
    await gateway.stop();
    await ses.stop();
  }
}
