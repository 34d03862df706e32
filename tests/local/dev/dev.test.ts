import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCommand } from "../../../command-line/program.ts";
import { dev } from "../../../local/dev/command.ts";
import { watchFolders } from "../../../local/dev/watch.ts";
import { inTime } from "../../helpers/in-time.ts";
import { tempFolder } from "../../helpers/temp-folder.ts";
import { recordedTimers } from "../../helpers/time-limits.ts";

/** The command with runs and changes of the test's. */
function developing(args: readonly string[] = []) {
  const user = new AbortController();
  const printed: string[] = [];
  const started: { more: readonly string[]; end: (code: number) => void; stopped: boolean }[] = [];
  const waiting: ((path: string) => void)[] = [];
  const print = (line: string) => void printed.push(line);
  const code = runCommand(
    dev,
    args,
    { print, error: (problem) => print(String(problem)) },
    {
      interrupted: user.signal,
      print,
      nextChange: () => new Promise((resolve) => waiting.push(resolve)),
      start: (more) => {
        const { promise: ended, resolve: end } = Promise.withResolvers<number>();
        const run = { more, end, stopped: false };
        started.push(run);
        const stop = () => {
          run.stopped = true;
          end(0);
        };
        // The second run is not up when it is stopped.
        return { ended, stop, port: () => (started.length === 2 ? undefined : 7272 + started.length) };
      },
    },
  );
  /** Lets everything happen that is under way. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { user, printed, started, code, settle, change: (path: string) => waiting.at(-1)?.(path) };
}

const command = suite("npm run dev");

command("a change ends the run and starts it again on its port", async () => {
  const { started, printed, change, settle, user, code } = developing();
  change("functions/a.ts");
  await settle();
  assert.equal(
    started.map(({ more, stopped }) => [more, stopped]),
    [
      [[], true],
      [["--port", "7273"], false],
    ],
  );
  assert.equal(printed, ["functions/a.ts has changed: the run starts again."]);
  change("functions/b.ts");
  await settle();
  assert.equal(started[2]?.more, ["--port", "7273"], "the port that the run before the last had");
  user.abort();
  assert.is(await code, 0);
});

command("a run that cannot start waits for the next change", async () => {
  const { started, printed, change, settle, user, code } = developing();
  started[0]?.end(1);
  await settle();
  assert.equal(printed, ["The run has ended with 1. It starts again after the next change."]);
  change("stacks/a.ts");
  await settle();
  assert.is(started.length, 2);
  user.abort();
  await code;
});

command("Ctrl-C ends the run and the command, with the run's exit code", async () => {
  const { started, printed, user, code } = developing();
  started[0]?.end(1);
  user.abort();
  assert.equal([await code, started.length, printed], [1, 1, []]);
});

command("an option that is wrong ends it with 2 and starts nothing", async () => {
  const { code, started } = developing(["--exit"]);
  assert.equal([await code, started.length], [2, 0]);
});

command("files in folders of watched folders count, and those that editors make beside them do not", async () => {
  const root = tempFolder();
  mkdirSync(join(root, "functions", "lead"), { recursive: true });
  const ended = new AbortController();
  const next = watchFolders(root, ["functions"], ended.signal);
  const changed = inTime<string>("a change", (resolve) => void next().then(resolve));
  using timers = recordedTimers();
  for (const name of ["a.ts", ".a.ts.swp", "a.ts~", "4913"]) writeFileSync(join(root, "functions", "lead", name), "");
  assert.is(await changed, join("functions", "lead", "a.ts"));
  assert.equal(new Set(timers.milliseconds), new Set([300]), "several files that are saved together are one change");
  ended.abort();
});

command.run();
