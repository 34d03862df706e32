import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import type { Platform } from "../platform.ts";
import { sampleLead } from "../senders/sample-lead.ts";
import { quoted, styled } from "./text.ts";

type Addressed = Pick<Platform, "endpoint" | "desk" | "crm" | "logs" | "sources">;

const sample = JSON.stringify(sampleLead);

/**
 * A command that sends a lead as a source. curl posts to the endpoint itself when the proof stays the same, such as a token. Where
 * each request has a signature of its own, curl posts to the run's address, which signs it and passes it on.
 */
export function curlLine(
  { crm, desk, endpoint }: Pick<Addressed, "crm" | "desk" | "endpoint">,
  source: string,
): string {
  const signing = `${desk.url}/crm/${source}`;
  // With nothing to post, a lead is made up.
  if (!crm.takesAnyShape(source)) return `curl -s -X POST ${signing}`;
  const [one, other] = [new Date(), new Date(0)].map((at) => crm.sign(source, sample, "", at));
  const headers = Object.entries({ ...one?.headers });
  const staysTheSame = headers.every(([name, value]) => other?.headers[name] === value);
  if (!staysTheSame) return `curl -s ${signing} -d ${quoted(sample)}`;
  const given = headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return ["curl -s", `${endpoint}/${source}`, ...given, "-d", quoted(sample)].join(" ");
}

/** Where everything is while the run goes on, with a line to paste for each source, and the secret that proves its requests. */
export function addresses(platform: Addressed): string {
  const { endpoint, desk, logs, sources } = platform;
  const lines = [...sources].flatMap(([name, { format, secrets }]) => {
    const declaration: SourceDeclaration = sourceFormats[format];
    const [secret] = declaration.secrets;
    return [`  ${name}  ${styled("dim", `${secret} ${secrets[secret]}`)}`, `    ${curlLine(platform, name)}`];
  });
  return [
    styled("bold", "Running; Ctrl-C ends it."),
    `  console   ${desk.url}`,
    `  endpoint  ${endpoint}/SOURCE`,
    `  logs      npm run logs -- --follow, from ${logs.path}`,
    "",
    "Send a lead with npm run send -- --source NAME, or with curl:",
    ...lines,
    "  a file into the bucket's root",
    `    echo ${quoted(sample)} | curl -s -T - '${desk.url}/bucket/my%20lead.json'`,
    "",
  ].join("\n");
}
