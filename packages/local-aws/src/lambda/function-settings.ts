import { createHash } from "node:crypto";
import { join } from "node:path";
import { UnsupportedStackError } from "../errors.ts";
import { noAwsFiles } from "../loopback.ts";
import { field, numberField, optionalText, textField, textMap } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";
import { unpackedCode } from "./code.ts";
import { recursionAllowed } from "./recursion.ts";

/** A function as Lambda knows it. */
export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly handler: string;
  /** Folder with the unpacked zip. */
  readonly taskRoot: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Undefined when the function takes from the account's pool. */
  readonly reservedConcurrency: number | undefined;
  /** Whether it may be invoked again and again because of one event. */
  readonly recursionAllowed: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly accessKeyId: string;
  readonly logGroup: string;
  /** Whether X-Ray gets a trace of what it does. */
  readonly traced: boolean;
}

/** Bytes of all names and values. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const environmentLimit = 4096;

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

function checkedVariables(resource: Resource): Readonly<Record<string, string>> {
  const variables = textMap(resource, "environment.variables");
  const size = Buffer.byteLength(Object.entries(variables).flat().join(""));
  if (size > environmentLimit) {
    throw new UnsupportedStackError(
      resource.address,
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit: they take ${size} bytes.`,
    );
  }
  return variables;
}

/**
 * Reads a function of the stack and unpacks its zip.
 * @throws UnsupportedStackError when Lambda would refuse the function or local-aws cannot run it
 */
export function functionSettings(resource: Resource, stack: Stack): FunctionSettings {
  const { folder, place } = stack;
  const name = textField(resource, "function_name");
  const runtime = textField(resource, "runtime");
  if (runtime !== "nodejs24.x")
    throw new UnsupportedStackError(resource.address, `local-aws only has nodejs24.x, not ${runtime}.`);
  const taskRoot = unpackedCode(join(folder, textField(resource, "filename")), resource.address);
  const memoryMb = numberField(resource, "memory_size", 128);
  const reserved = numberField(resource, "reserved_concurrent_executions", -1);
  const handler = textField(resource, "handler");
  const accessKeyId = `ASIA${digest(name).slice(0, 16).toUpperCase()}`;
  const logGroup = optionalText(resource, "logging_config.log_group") ?? `/aws/lambda/${name}`;
  const json = field(resource, "logging_config.log_format") === "JSON";
  return {
    name,
    arn: textField(resource, "arn"),
    roleArn: textField(resource, "role"),
    handler,
    taskRoot,
    timeoutSeconds: numberField(resource, "timeout", 3),
    memoryMb,
    reservedConcurrency: reserved < 0 ? undefined : reserved,
    recursionAllowed: recursionAllowed(resource, stack),
    accessKeyId,
    logGroup,
    traced: field(resource, "tracing_config.mode") === "Active",
    environment: {
      ...checkedVariables(resource),
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: taskRoot,
      LAMBDA_RUNTIME_DIR: "/var/runtime",
      LANG: "en_US.UTF-8",
      TZ: ":UTC",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_REGION: place.region,
      AWS_DEFAULT_REGION: place.region,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
      AWS_LAMBDA_LOG_FORMAT: json ? "JSON" : "Text",
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: digest(`secret of ${name}`).slice(0, 40),
      AWS_SESSION_TOKEN: digest(`session of ${name}`),
      AWS_ENDPOINT_URL: place.gatewayUrl,
      ...noAwsFiles,
    },
  };
}
