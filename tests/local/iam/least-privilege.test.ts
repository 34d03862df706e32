import { firstDenial } from "local-aws";
import { suite, type Test } from "uvu";
import * as assert from "uvu/assert";
import { boundaryDocument } from "../../../local/boundary.ts";
import { type Recording, recordCalls } from "../../helpers/recorded-calls.ts";
import { grants } from "../../helpers/stack-variant.ts";
import { synthesizedStack } from "../../helpers/synth.ts";

/** dev sends from SES's sandbox, prod by a domain and a configuration set, which takes other permissions. */
const folders = {
  dev: (await synthesizedStack("leadwire-dev")).folder,
  prod: (await synthesizedStack("leadwire-prod")).folder,
};
type Env = keyof typeof folders;
const known = { boundary: boundaryDocument };

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
    assert.is(firstDenial(folder, recording.calls, known), undefined);
  });

  for (const { name, actions, without } of grants(folder)) {
    privilege(`without ${name} the run names a missing action`, () => {
      const complaint = firstDenial(without(), recording.calls, known) ?? "nothing is missed";
      assert.ok(
        actions.some((action) => complaint.includes(action)),
        complaint,
      );
    });
    for (const action of actions.length > 1 ? actions : []) {
      privilege(`without ${action} in ${name} the run names it`, () => {
        assert.match(firstDenial(without(action), recording.calls, known) ?? "nothing is missed", action);
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
