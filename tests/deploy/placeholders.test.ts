import { suite } from "uvu";
import * as assert from "uvu/assert";
import { placeholders } from "../../deploy/placeholders.ts";
import { environments } from "../../environments/index.ts";
import { state } from "../../environments/state.ts";

const sentences = suite("placeholders of accounts");

const own = (accountId: string) => ({ ...environments, state: { ...state, accountId } });
const filesOf = (lines: readonly string[]) => lines.map((line) => /environments\/(\w+)\.ts/.exec(line)?.[1]);

sentences("an environment is told of its own account and of the state's, each with its file", () => {
  assert.equal(placeholders("dev"), [
    "The account 123456789012 in environments/state.ts is an example of AWS: put yours there.",
    "The account 111122223333 in environments/dev.ts is an example of AWS: put yours there.",
  ]);
});
sentences("the state is told of its account alone", () => {
  assert.equal(filesOf(placeholders("state")), ["state"]);
  assert.equal(placeholders("state", own("210987654321")), []);
});
sentences("ci is told of every environment, which can be taken out of the list", () => {
  const lines = placeholders("ci", own("210987654321"));
  assert.equal(filesOf(lines), ["dev", "staging", "prod"]);
  assert.match(lines[1] ?? "", /put yours there, or take staging out of environments\/index\.ts\.$/);
});
sentences("accounts of the team's own are none", () => {
  const dev = { ...environments.dev, accountId: "210987654321" };
  assert.equal(placeholders("dev", { ...own("987650123456"), dev }), []);
});

sentences.run();
