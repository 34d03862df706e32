import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "./temp-folder.ts";
import { writeStackFile } from "./zip.ts";

type Statement = Readonly<Record<string, unknown>> & {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
};
type Json = Record<string, unknown>;
type Resources = Record<string, Record<string, Json>>;

/** A permission that somebody could take out of a stack. */
export interface Grant {
  /** `aws_iam_role_policy.notify, statement KeepLedger`. */
  readonly name: string;
  readonly actions: readonly string[];
  /** Writes the stack without the grant, or without one action of it, into a new folder. */
  without(action?: string): string;
}

const documents = {
  aws_iam_role: "assume_role_policy",
  aws_iam_role_policy: "policy",
  aws_sqs_queue_policy: "policy",
  aws_sns_topic_policy: "policy",
  aws_s3_bucket_policy: "policy",
} as const;

/** Allows nothing that anybody asks for; a document without a statement would be refused. */
const nothing = { Sid: "Nothing", Effect: "Allow", Action: "sts:TagSession" };

/** Every Allow of every policy in a synthesized stack. */
export function grants(folder: string): Grant[] {
  const read = () => JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as { resource: Resources };
  const write = (change: (resource: Resources) => void) => {
    const file = read();
    change(file.resource);
    const target = writeStackFile(tempFolder(), file);
    symlinkSync(join(folder, "assets"), join(target, "assets"));
    return target;
  };
  const { resource } = read();

  const inDocuments = Object.entries(documents).flatMap(([type, attribute]) =>
    Object.entries(resource[type] ?? {}).flatMap(([name, block]) =>
      statementsOf(block[attribute]).flatMap((statement, index) => {
        if (statement.Effect !== "Allow") return [];
        const actions = [statement.Action].flat();
        const without = (action?: string) =>
          write((resources) => {
            const changed = resources[type]?.[name] ?? {};
            changed[attribute] = withoutAction(String(changed[attribute]), index, action);
          });
        return [{ name: `${type}.${name}, statement ${statement.Sid}`, actions, without }];
      }),
    ),
  );
  const permissions = Object.entries(resource.aws_lambda_permission ?? {}).map(([name, { action }]) => ({
    name: `aws_lambda_permission.${name}`,
    actions: [String(action)],
    without: () => write((resources) => delete resources.aws_lambda_permission?.[name]),
  }));
  return [...inDocuments, ...permissions];
}

const statementsOf = (document: unknown) => (JSON.parse(String(document)) as { Statement: Statement[] }).Statement;

function withoutAction(document: string, index: number, action: string | undefined): string {
  const policy = JSON.parse(document) as { Statement: (Statement | typeof nothing)[] };
  const statement = policy.Statement[index];
  const left = action === undefined ? [] : [statement?.Action ?? []].flat().filter((other) => other !== action);
  const { Principal, Resource } = statement as Json;
  const inert = {
    ...nothing,
    ...(Principal !== undefined && { Principal }),
    ...(Resource !== undefined && { Resource }),
  };
  policy.Statement[index] = left.length > 0 && statement ? { ...statement, Action: left } : inert;
  return JSON.stringify(policy);
}
