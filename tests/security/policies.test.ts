import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environmentNames, environments } from "../../environments/index.ts";
import { type SynthesizedStack, synthesizedStack } from "../helpers/synth.ts";

/** Every policy of a stack, on roles and on resources, as text. */
function policiesOf(stack: SynthesizedStack): [address: string, policy: string][] {
  return stack.addresses
    .filter((address) => /_policy\.|_permission\./.test(address))
    .map((address) => [address, JSON.stringify(stack.resource(address)).replaceAll("\\", "")]);
}

const withStatements = (stack: SynthesizedStack) =>
  stack.addresses.filter((address) => typeof stack.resource(address).policy === "string");

/** Statements whose actions know no resources, so that `*` is the least that they can be given. */
const withoutResources = ["WriteTraces", "SeeSuppression", "FindWorkgroups"];

const policies = suite("security :: policies");
for (const name of environmentNames) {
  const others = environmentNames.filter((other) => other !== name);
  const foreign = new RegExp(
    others.flatMap((other) => [`leadwire[-/]${other}`, environments[other].accountId]).join("|"),
  );

  policies(`of ${name} name nothing of another environment or account`, async () => {
    const all = policiesOf(await synthesizedStack(`leadwire-${name}`));
    assert.ok(all.length > 9);
    for (const [address, policy] of all) {
      assert.not.match(policy, foreign, address);
      for (const [account] of policy.matchAll(/(?<=:)\d{12}(?=:)/g)) assert.is(account, environments[name].accountId);
    }
  });

  policies(`of ${name} allow nothing to everybody, and no role anything on everything that has resources`, async () => {
    const stack = await synthesizedStack(`leadwire-${name}`);
    for (const address of withStatements(stack)) {
      for (const { Sid, Effect, Principal, Action, Resource } of stack.statements(address)) {
        if (Effect === "Deny") continue;
        assert.not.match(JSON.stringify(Principal ?? ""), /\*/, `${address} ${Sid}`);
        assert.not.match(Action.join(), /\*/, `${address} ${Sid}`);
        if (!withoutResources.includes(Sid)) assert.not.ok(Resource.includes("*"), `${address} ${Sid}`);
      }
    }
  });

  policies(
    `of ${name} fit its functions, whose settings name nothing of another environment and no secret`,
    async () => {
      const stack = await synthesizedStack(`leadwire-${name}`);
      for (const [, { environment }] of stack.all("aws_lambda_function")) {
        assert.not.match(JSON.stringify(environment), foreign);
        assert.not.match(JSON.stringify(environment), /whsec_|hooks\.slack\.com/);
      }
    },
  );
}
policies.run();
