import { type LocalAws, LocalAwsError, type StackOptions, startStack } from "local-aws";
import { Output } from "../flow.ts";
import { type Chats, createChats } from "./chats.ts";
import { Crm } from "./crm.ts";
import { Desk } from "./desk.ts";
import { LocalRunError } from "./errors.ts";
import type { SlackMode } from "./options.ts";
import { Pager } from "./pager.ts";
import { madeUpSecrets, type Secrets } from "./secrets.ts";

export interface PlatformOptions extends Omit<StackOptions, "parameters" | "onForget"> {
  /** What made-up secrets and leads are drawn from. @default 1 */
  readonly seed?: number;
  /** @default up */
  readonly slack?: SlackMode;
}

/** A running pipeline: the stack on local-aws, and around it simulated chats, CRM and pager. */
export interface Platform extends LocalAws {
  /** Where sources post to, without a slash at the end. */
  readonly endpoint: string;
  readonly bucket: string;
  /** The simulated service of each channel of webhooks. */
  readonly chats: Chats;
  readonly slack: Chats["slack"];
  readonly crm: Crm;
  readonly desk: Desk;
  readonly pager: Pager;
}

/**
 * Starts the pipeline of a synthesized stack in this process. Everything that it starts, `stop` ends.
 * @throws LocalRunError when the stack cannot run here or AWS would refuse a part of it
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { seed = 1, slack: slackMode = "up", ...stackOptions } = options;
  const chats = createChats(slackMode);
  const pager = new Pager();
  const started: { stop(): Promise<void> }[] = [...Object.values(chats), pager];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    await Promise.all([...Object.values(chats), pager].map((service) => service.start()));
    let secrets: Secrets | undefined;
    const aws = await startStack({
      ...stackOptions,
      parameters: (stack) => {
        secrets = madeUpSecrets(stack, seed, {
          webhookUrl: (channel, destination) => chats[channel].webhookUrl(destination),
          pagerUrl: pager.integrationUrl,
        });
        return secrets.parameters;
      },
      onForget: (before) => {
        for (const service of [...Object.values(chats), pager]) service.forget(before);
      },
    });
    started.push(aws);
    const endpoint = String(aws.stack.output(Output.endpoint)).replace(/\/$/, "");
    const bucket = String(aws.stack.output(Output.leadsBucket));
    const crm = new Crm({ endpoint, sources: secrets?.sources ?? new Map(), seed });
    const desk = new Desk(crm, aws, bucket);
    started.push(crm, desk);
    await desk.start();
    return { ...aws, endpoint, bucket, chats, slack: chats.slack, crm, desk, pager, stop };
  } catch (error) {
    await stop();
    throw error instanceof LocalAwsError ? new LocalRunError(error.code, error.message, { cause: error }) : error;
  }
}
