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
});

const refused = {
  "": "No command; commands are dead-letters list, dead-letters redrive, replay.",
  "dead-letters burn":
    'There is no command "dead-letters burn"; commands are dead-letters list, dead-letters redrive, replay.',
  "dead-letters list --outputs o": "dead-letters list needs --queue.",
  "dead-letters list --queue leads": "dead-letters list needs --outputs.",
  "dead-letters list --outputs o --queue raw": "--queue raw: allowed are leads, notifications, events.",
  "replay --outputs o": "replay needs --key.",
  "replay --outputs o --key k --dry-run": "replay takes no --dry-run.",
  "replay --nope": "Unknown option '--nope'.",
};
for (const [line, message] of Object.entries(refused)) {
  options(`refuses "${line}" and says why`, () => assert.is(refusal(line), message));
}

options.run();
