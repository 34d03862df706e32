import { isPlaceholder } from "../environments/environment.ts";
import { deployedNames, environments } from "../environments/index.ts";
import { state } from "../environments/state.ts";
import type { StackWord } from "./command.ts";

/** What to do about account ids that nobody has replaced, of a stack and of the state's bucket, a sentence each. */
export function placeholders(name: StackWord, accounts = { ...environments, state }): readonly string[] {
  const files = ["state" as const, ...deployedNames.filter((one) => one === name || name === "ci")];
  return files
    .filter((file) => isPlaceholder(accounts[file]))
    .map((file) => {
      const other = name === "ci" && file !== "state" ? `, or take ${file} out of environments/index.ts` : "";
      return `The account ${accounts[file].accountId} in environments/${file}.ts is an example of AWS: put yours there${other}.`;
    });
}
