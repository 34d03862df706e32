import type { Place } from "../stack/computed.ts";
import type { ApiRequest, Backend } from "./call.ts";
import { type Fauxqs, fauxqsAccount } from "./fauxqs.ts";

/** A request of SNS' query protocol. */
export const snsRequest = (operation: string, input: Readonly<Record<string, string>>): ApiRequest => ({
  method: "POST",
  path: "/",
  query: new URLSearchParams(),
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: Buffer.from(new URLSearchParams({ Action: operation, Version: "2010-03-31", ...input }).toString()),
});

/** SNS on fauxqs, with topic ARNs of the stack's account. */
export function snsBackend(fauxqs: Fauxqs, { account }: Place): Backend {
  return {
    service: "sns",
    describe: (request) => {
      const { Action: operation = "", ...parameters } = Object.fromEntries(
        new URLSearchParams(request.body.toString("utf8")),
      );
      return { operation, parameters };
    },
    handle: async (request) => {
      const form = new URLSearchParams(request.body.toString("utf8"));
      for (const [name, value] of form) {
        if (name.endsWith("Arn")) form.set(name, value.replace(`:${account}:`, `:${fauxqsAccount}:`));
      }
      const answer = await fauxqs.call({ ...request, body: Buffer.from(form.toString()) });
      return { ...answer, body: answer.body.toString("utf8").replaceAll(`:${fauxqsAccount}:`, `:${account}:`) };
    },
  };
}
