import type { Json, World } from "../world.ts";
import { ServiceError } from "./service-error.ts";
import type { Shown } from "./slack.ts";

interface SendEmail {
  readonly Content?: {
    readonly Simple?: {
      readonly Body?: { readonly Text?: { readonly Data?: string } };
      readonly Headers?: readonly { readonly Value?: string }[];
    };
  };
}

/** Characters of a header's value. https://docs.aws.amazon.com/ses/latest/dg/header-fields.html */
const headerLimit = 870;

/** SES: it takes emails whose headers are short enough, and nobody is on the suppression list. */
export function createSes(world: World, show: (message: Shown) => void) {
  return (operation: string, input: Json, sentAt: number): Json => {
    if (operation === "GetSuppressedDestination") throw new ServiceError("NotFoundException", 404);
    if (operation !== "SendEmail") throw new ServiceError("BadRequestException");
    const { Body, Headers = [] } = (input as SendEmail).Content?.Simple ?? {};
    if (Headers.some(({ Value = "" }) => Value.length > headerLimit)) throw new ServiceError("BadRequestException");
    show({ channel: "email", sentAt, text: Body?.Text?.Data ?? "" });
    return { MessageId: world.newId("email") };
  };
}
