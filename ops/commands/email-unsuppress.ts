import { DeleteSuppressedDestinationCommand, NotFoundException } from "@aws-sdk/client-sesv2";
import { required, text } from "../../command-line/options.ts";
import { requireDeployed } from "../email/production-access.ts";
import { readEmailStatus } from "../email/status.ts";
import { OpsError } from "../errors.ts";
import { env, opsCommand } from "./command.ts";

/** Takes an address off the account's suppression list. Throws OpsError NotSuppressed, NotDeployed. */
export const unsuppress = opsCommand({
  name: "email unsuppress",
  summary: "Takes an address off SES's suppression list, so that SES sends to it again.",
  options: {
    env,
    address: required(
      "The address whose mailbox works again.",
      text("address", "a plain email address, such as sales@example.com", /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/),
      "sales@example.com",
    ),
  },
  async run({ env, address }, { ses: client, print }) {
    const { region } = env.settings;
    const ses = client(region);
    try {
      await ses.send(new DeleteSuppressedDestinationCommand({ EmailAddress: address }));
    } catch (error) {
      if (!(error instanceof NotFoundException)) throw error;
      requireDeployed(await readEmailStatus(ses, env));
      const problem = `it is not on the suppression list of ${env.name} in ${region}.`;
      throw new OpsError("NotSuppressed", `--address ${address}: ${problem}`);
    }
    print(`SES sends to ${address} again. If the next email bounces, the address is back on the list.`);
    return 0;
  },
});
