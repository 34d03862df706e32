import { suite, type Test } from "uvu";
import * as assert from "uvu/assert";
import { Permissions } from "../../../packages/local-aws/src/iam/permissions.ts";
import { checkRoles } from "../../../packages/local-aws/src/lambda/roles.ts";
import { readStack } from "../../../packages/local-aws/src/stack/stack-file.ts";
import { type Recording, recordCalls } from "../../helpers/recorded-calls.ts";
import { grants } from "../../helpers/stack-variant.ts";
import { synthesizedStack } from "../../helpers/synth.ts";

const urls = { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2", parameterValue: "http://127.0.0.1:3" };

/** What a run of the recorded calls on a changed stack would tell first: the start's refusal, or a denied call. */
function firstComplaint(folder: string, { calls }: Recording): string | undefined {
  const stack = readStack(folder, urls);
  const permissions = new Permissions(stack);
  try {
    checkRoles(stack, permissions);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  for (const call of calls) {
    if (permissions.authorize(call)) return permissions.denials.lines()[0];
  }
  return undefined;
}

/** dev sends from SES's sandbox, prod by a domain and a configuration set, which takes other permissions. */
const folders = {
  dev: (await synthesizedStack("leadwire-dev")).folder,
  prod: (await synthesizedStack("leadwire-prod")).folder,
};
type Env = keyof typeof folders;

let running: Promise<Readonly<Record<Env, Recording>>> | undefined;

/** Both runs at once: they wait more than they work. */
function recordings(): Promise<Readonly<Record<Env, Recording>>> {
  running ??= Promise.all([recordCalls(folders.dev), recordCalls(folders.prod)]).then(([dev, prod]) => ({ dev, prod }));
  return running;
}

function everyGrantIsMissed(privilege: Test, env: Env): void {
  const folder = folders[env];
  let recording: Recording = { calls: [], denials: [] };
  privilege.before(async () => {
    recording = (await recordings())[env];
  });

  privilege("with all its policies nothing is denied", () => {
    assert.equal(recording.denials, []);
    assert.is(firstComplaint(folder, recording), undefined);
  });

  for (const { name, actions, without } of grants(folder)) {
    privilege(`without ${name} the run names a missing action`, () => {
      const complaint = firstComplaint(without(), recording) ?? "nothing is missed";
      assert.ok(
        actions.some((action) => complaint.includes(action)),
        complaint,
      );
    });
    for (const action of actions.length > 1 ? actions : []) {
      privilege(`without ${action} in ${name} the run names it`, () => {
        assert.match(firstComplaint(without(action), recording) ?? "nothing is missed", action);
      });
    }
  }
}

const sandbox = suite("least privilege :: dev");
everyGrantIsMissed(sandbox, "dev");
sandbox.run();

const domain = suite("least privilege :: prod");
everyGrantIsMissed(domain, "prod");
domain.run();
