import { snakeCase } from "es-toolkit/string";
import { stageNames, stages, undeliveredEvents } from "../../flow.ts";
import { consumers } from "../../stacks/consumers/index.ts";
import { type Fields, fieldsOf } from "./tree.ts";

export type Block = Readonly<Record<string, unknown>>;
type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** A synthesized stack's cdk.tf.json. */
export interface TerraformFile {
  readonly terraform?: Block;
  readonly provider?: Block;
  readonly data?: Blocks;
  readonly resource?: Blocks;
  readonly output?: Readonly<Record<string, Block>>;
}

/** A resource or data source. */
export interface Resource {
  /** `aws_sqs_queue.leads`; a data source's starts with `data.`. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly fields: Fields;
}

/** A stack as the inventory shows it. */
export interface Stack {
  readonly name: string;
  /** The part of its name after `leadwire-`. */
  readonly environment: string;
  readonly accountId: string;
  /** The blocks beside resources and outputs: Terraform's own settings, providers, and any other. */
  readonly settings: Fields;
  /** In the order of the flow. */
  readonly resources: readonly Resource[];
  readonly outputs: Fields;
}

const partsOfStage = stageNames.flatMap((name) => {
  const stage = stages[name];
  return stage.kind === "http" ? ["api", name, "leads_bucket"] : [snakeCase(stage.event), snakeCase(stage.queue), name];
});

/**
 * The parts of the stack in the order of the flow, by the start of their resources' names. What belongs to none of them
 * comes after them, by name.
 */
const flow = [
  ...partsOfStage,
  "ledger",
  "email",
  snakeCase(undeliveredEvents),
  "alarms",
  "sources",
  ...Object.keys(consumers).map(snakeCase),
];

/** The part that a resource belongs to. */
export function partOf({ name }: Pick<Resource, "name">): string {
  const parts = flow.filter((part) => name === part || name.startsWith(`${part}_`));
  return parts.toSorted((a, b) => b.length - a.length)[0] ?? name;
}

/** Reads a stack's cdk.tf.json. */
export function stackOf(name: string, file: TerraformFile): Stack {
  const { resource = {}, data = {}, output = {}, ...settings } = file;
  const [provider] = [file.provider?.aws].flat() as { allowed_account_ids?: string[] }[];
  return {
    name,
    environment: name.slice(name.indexOf("-") + 1),
    accountId: provider?.allowed_account_ids?.[0] ?? "",
    settings: fieldsOf(settings),
    resources: [...resourcesOf(data, "data."), ...resourcesOf(resource)].toSorted(inFlow),
    outputs: fieldsOf(output),
  };
}

const resourcesOf = (blocks: Blocks, prefix = ""): Resource[] =>
  Object.entries(blocks).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => {
      const address = `${prefix}${type}.${name}`;
      return { address, type, name, fields: fieldsOf(block) };
    }),
  );

function inFlow(a: Resource, b: Resource): number {
  const rank = (resource: Resource) => (flow.indexOf(partOf(resource)) + flow.length + 1) % (flow.length + 1);
  const byText = (left: string, right: string) => (left < right ? -1 : Number(left > right));
  return rank(a) - rank(b) || byText(a.name, b.name) || byText(a.address, b.address);
}
