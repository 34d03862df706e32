import { type LocalAws, LocalAwsError, type StackOptions, startStack } from "local-aws";
import { Output } from "../flow.ts";
import type { SourceDeclaration } from "../functions/sources/declaration.ts";
import { sourceFormats } from "../functions/sources/index.ts";
import { settingsText } from "../functions/sources/settings.ts";
import { apiCreators } from "./apis/index.ts";
import type { SimulatedApi } from "./apis/simulated-api.ts";
import { boundaryDocument } from "./boundary.ts";
import { type Chats, createChats } from "./chats.ts";
import { Crm } from "./crm.ts";
import { Desk } from "./desk.ts";
import { LocalRunError } from "./errors.ts";
import type { SlackMode } from "./options.ts";
import { Pager } from "./pager.ts";
import { madeUpSecrets, type StackSource } from "./secrets.ts";

export interface PlatformOptions extends Omit<StackOptions, "parameters" | "onForget"> {
  /** What made-up secrets and leads are drawn from. @default 1 */
  readonly seed?: number;
  /** @default up */
  readonly slack?: SlackMode;
  /** Port of the run's own address; the next free one when it is taken. @default any free port */
  readonly port?: number;
}

/** A running pipeline: the stack on local-aws, and around it simulated chats, sources, their APIs and a pager. */
export interface Platform extends LocalAws {
  /** Where sources post to, without a slash at the end. */
  readonly endpoint: string;
  readonly bucket: string;
  /** The simulated service of each channel of webhooks. */
  readonly chats: Chats;
  readonly slack: Chats["slack"];
  readonly crm: Crm;
  /** The sources that send leads, by name: format, settings and secrets. */
  readonly sources: ReadonlyMap<string, StackSource>;
  /** The simulated API of each source whose records are fetched, by the source's name. */
  readonly apis: ReadonlyMap<string, SimulatedApi>;
  readonly desk: Desk;
  readonly pager: Pager;
}

/** The simulated API of a source whose records are fetched. It takes the source's first token and no other. */
function apiOf({ format, secrets }: StackSource): SimulatedApi | undefined {
  const { fetch }: SourceDeclaration = sourceFormats[format];
  return fetch && apiCreators.get(format)?.(secrets[fetch.secrets[0]] ?? "");
}

/**
 * Starts the pipeline of a synthesized stack in this process. Everything that it starts, `stop` ends.
 * @throws LocalRunError when the stack cannot run here or AWS would refuse a part of it
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { seed = 1, slack: slackMode = "up", port, ...stackOptions } = options;
  const chats = createChats(slackMode);
  const pager = new Pager();
  const started: { stop(): Promise<void> }[] = [...Object.values(chats), pager];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    await Promise.all([...Object.values(chats), pager].map((service) => service.start()));
    const sources = new Map<string, StackSource>();
    const apis = new Map<string, SimulatedApi>();
    const aws = await startStack({
      boundary: boundaryDocument,
      ...stackOptions,
      parameters: async (stack) => {
        const secrets = madeUpSecrets(stack, seed, {
          webhookUrl: (channel, destination) => chats[channel].webhookUrl(destination),
          pagerUrl: pager.integrationUrl,
        });
        const changed: Record<string, string> = {};
        for (const [name, source] of secrets.sources) {
          const api = apiOf(source);
          sources.set(name, api ? { ...source, api } : source);
          if (!api) continue;
          apis.set(name, api);
          started.push(api);
          await api.start();
          changed[source.settingsParameter] = settingsText({ ...source.settings, apiUrl: api.url });
        }
        return { ...secrets.parameters, ...changed };
      },
      onForget: (before) => {
        for (const service of [...Object.values(chats), pager]) service.forget(before);
      },
    });
    started.push(aws);
    const endpoint = String(aws.stack.output(Output.endpoint)).replace(/\/$/, "");
    const bucket = String(aws.stack.output(Output.leadsBucket));
    const crm = new Crm({ endpoint, sources, seed });
    const desk = new Desk(crm, aws, bucket);
    started.push(crm, desk);
    await desk.start(port);
    return { ...aws, endpoint, bucket, chats, slack: chats.slack, crm, sources, apis, desk, pager, stop };
  } catch (error) {
    await stop();
    throw error instanceof LocalAwsError ? new LocalRunError(error.code, error.message, { cause: error }) : error;
  }
}
