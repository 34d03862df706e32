import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readCommand } from "../../ops/options.ts";

const refusal = (line: string) => {
  try {
    readCommand(line.split(" ").filter(Boolean));
  } catch (error) {
    return (error as Error).message;
  }
  return "taken";
};

const options = suite("ops options");

options("reads each command", () => {
  assert.equal(readCommand("dead-letters list --outputs o.json --queue leads --json".split(" ")), {
    name: "dead-letters list",
    outputs: "o.json",
    queue: "leads",
    json: true,
  });
  assert.equal(
    readCommand("dead-letters redrive --outputs o.json --queue events --class NO_PERMISSIONS --dry-run".split(" ")),
    {
      name: "dead-letters redrive",
      outputs: "o.json",
      queue: "events",
      errorClass: "NO_PERMISSIONS",
      dryRun: true,
    },
  );
  assert.equal(readCommand("replay --outputs o.json --key a.json".split(" ")), {
    name: "replay",
    outputs: "o.json",
    key: "a.json",
  });
  assert.equal(readCommand("email status --env prod --json".split(" ")), {
    name: "email status",
    env: "prod",
    json: true,
  });
  assert.equal(readCommand("email request-production --env staging --dry-run".split(" ")), {
    name: "email request-production",
    env: "staging",
    dryRun: true,
  });
  assert.equal(readCommand("email unsuppress --env dev --address sales@example.com".split(" ")), {
    name: "email unsuppress",
    env: "dev",
    address: "sales@example.com",
  });
});

const commands =
  "dead-letters list, dead-letters redrive, replay, email status, email request-production, email unsuppress";
const refused = {
  "": `No command; commands are ${commands}.`,
  "dead-letters burn": `There is no command "dead-letters burn"; commands are ${commands}.`,
  "dead-letters list --outputs o": "dead-letters list needs --queue.",
  "dead-letters list --queue leads": "dead-letters list needs --outputs.",
  "dead-letters list --outputs o --queue raw": "--queue raw: allowed are leads, notifications, events.",
  "replay --outputs o": "replay needs --key.",
  "replay --outputs o --key k --dry-run": "replay takes no --dry-run.",
  "email status": "email status needs --env.",
  "email status --env production": "--env production: allowed are dev, staging, prod.",
  "email status --env prod --outputs o": "email status takes no --outputs.",
  "email unsuppress --env prod": "email unsuppress needs --address.",
  "email unsuppress --env prod --address sales":
    "--address sales: allowed is a plain email address, such as sales@example.com.",
  "email request-production --env prod --json": "email request-production takes no --json.",
  "replay --nope": "Unknown option '--nope'.",
};
for (const [line, message] of Object.entries(refused)) {
  options(`refuses "${line}" and says why`, () => assert.is(refusal(line), message));
}

options.run();
