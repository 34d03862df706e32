import { type Kind, oneOf, optional, optionalOperand, text, withDefault } from "../../command-line/options.ts";
import { type Command, UsageError } from "../../command-line/program.ts";
import { environmentNames } from "../../environments/index.ts";
import type { CurrentRun } from "../current-run.ts";
import { type Fetch, throughRun, toEndpoint } from "./requests.ts";

/** The request holds a secret or a signature, and a person's data, so that it needs TLS unless it stays on this machine. */
const endpointUrl: Kind<URL> = {
  placeholder: "url",
  allowed: "a URL with https, or one of this machine",
  read(given) {
    const url = URL.parse(given);
    const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url?.hostname ?? "");
    return url && (url.protocol === "https:" || isLocal) ? url : undefined;
  },
};

const options = {
  file: optionalOperand(
    "The body of a request, as the source sends it. Without it, a made-up lead is sent.",
    text("file", "the path of a file, or - for standard input", /^(?!-.)/),
    "lead.json",
  ),
  source: optional(
    "The source that sends. Without it, the one whose name the URL ends with, or one of the run that takes any JSON.",
    text("name", "a source of the run or of the environment; with --url also a format"),
    "website",
  ),
  url: optional(
    "A deployed endpoint, with or without the source's name at its end. Without it, the run on this machine gets the lead. Sales sees what is sent to it.",
    endpointUrl,
    "https://abc123.execute-api.eu-central-1.amazonaws.com/website",
  ),
  secretFile: optional(
    "File with the source's secret, which signs the request. With --url.",
    text("file", "the path of a file"),
    "secret.txt",
  ),
  env: withDefault("dev", "Gives the source's settings. With --url.", oneOf(environmentNames), "prod"),
};

/** What `npm run send` needs. */
export interface SendPorts {
  /** The run on this machine. @throws LocalRunError when there is none */
  currentRun(): CurrentRun;
  readonly fetch: Fetch;
  /** Reads a file; `-` is standard input. */
  read(path: string): Promise<string>;
  print(line: string): void;
}

/** `npm run send`. Exit code 1 when the lead is not accepted. */
export const send: Command<typeof options, SendPorts> = {
  name: "npm run send --",
  summary: "Sends a signed request of a source, to the run on this machine or to a deployed endpoint.",
  options,
  async run({ file, source, url, secretFile, env }, { currentRun, fetch, read, print }) {
    const readable = (path: string) =>
      read(path).catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(`error: ${path} cannot be read: ${error.code ?? error.message}.`);
      });
    if ((url === undefined) !== (secretFile === undefined)) {
      throw new UsageError("error: --url and --secret-file go together: an endpoint takes signed requests only.");
    }
    const body = file === undefined ? undefined : await readable(file);
    const sent =
      url === undefined || secretFile === undefined
        ? await throughRun(currentRun(), source, body, fetch)
        : await toEndpoint({ url, env, source, secret: (await readable(secretFile)).trim() }, body, fetch);
    print(`${sent.url} answered ${sent.status}: ${sent.answer}`);
    for (const place of sent.where) print(`Lead: ${place}`);
    if (sent.status === 401) print("The signature is not the source's: look at the secret, the name and its settings.");
    return sent.accepted ? 0 : 1;
  },
};
