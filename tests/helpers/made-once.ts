import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { tempFolder } from "./temp-folder.ts";

/** Milliseconds between two looks, and those after which another process counts as dead. */
const patience = { look: 50, end: 300_000 };

const root = process.env.LEADWIRE_TEST_RUN ?? tempFolder();

/**
 * A folder that is expensive to make and that tests only read. The first process of a test run that asks for it makes it;
 * the others wait for that. Without the runner of `npm test` each process makes its own.
 * @param name of the folder; what `make` writes must depend on the name alone
 * @throws Error with the message of the process that made it, if that failed
 */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(root, name);
  const outcome = `${folder}.outcome`;
  if (mkdirSync(folder, { recursive: true }) === undefined) return waited(folder, outcome);
  let problem = "";
  try {
    await make(folder);
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    writeFileSync(outcome, problem);
  }
  return folder;
}

async function waited(folder: string, outcome: string): Promise<string> {
  const end = Date.now() + patience.end;
  while (!existsSync(outcome)) {
    if (Date.now() > end) throw new Error(`${folder} was begun by another process and never finished.`);
    await wait(patience.look);
  }
  const problem = readFileSync(outcome, "utf8");
  if (problem !== "") throw new Error(problem);
  return folder;
}
