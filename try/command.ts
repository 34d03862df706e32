import { flag, oneOf, operand, optional, text, withDefault } from "../command-line/options.ts";
import { type Command, UsageError } from "../command-line/program.ts";
import { environmentNames, environments } from "../environments/index.ts";
import { tryReport } from "./report.ts";
import { tryPayload } from "./try-payload.ts";

const options = {
  file: operand(
    "A request's body, a file for the bucket, or the record of a source's API.",
    text("file", "the path of a file, or - for standard input", /^(?!-.)/),
    "lead.json",
  ),
  source: optional(
    "Whose payload it is. Without it, the file is read as one that somebody put into the bucket.",
    text("name", "a source of the environment, or a format"),
    "website",
  ),
  env: withDefault(
    "dev",
    "The environment that gives the source's settings and the default country.",
    oneOf(environmentNames),
    "prod",
  ),
  record: optional(
    "What the source's API answers for the event, for a source whose events hold only ids.",
    text("file", "the path of a file"),
    "contact.json",
  ),
  json: flag("Prints the result as one JSON document, and nothing else."),
};

/** What `npm run try` needs. */
export interface TryPorts {
  /** Reads a file; `-` is standard input. */
  read(path: string): Promise<Uint8Array>;
  print(text: string): void;
}

/** `npm run try`. Exit code 1 when the payload or a lead in it is rejected. */
export const tryCommand: Command<typeof options, TryPorts> = {
  name: "npm run --silent try --",
  summary:
    "Shows what Leadwire makes of a payload: its leads, where each field was found, what nothing reads, and the card.",
  options,
  async run({ file, source, env, record: recordFile, json }, { read, print }) {
    const readable = (path: string) =>
      read(path).catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(`error: ${path} cannot be read: ${error.code ?? error.message}.`);
      });
    const record = recordFile === undefined ? undefined : await readable(recordFile);
    const leads = await tryPayload(await readable(file), { source, environment: environments[env], record });
    if (json) print(JSON.stringify({ leads }));
    else {
      if (source !== undefined) print("Who sent the payload is not proven here: it needs no signature.\n");
      print(tryReport(leads));
    }
    return leads.some(({ status }) => status === "rejected") ? 1 : 0;
  },
};
