import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { Construct } from "constructs";
import { assetFile } from "./build/asset-file.ts";
import type { Bundle } from "./build/bundle.ts";
import { allow, policyDocument, type Statement, trustPolicy } from "./policy.ts";
import type { FunctionTuning } from "./tuning/knobs.ts";

export interface BundledFunctionProps {
  readonly name: string;
  readonly description: string;
  readonly bundle: Bundle;
  readonly tuning: FunctionTuning;
  /** Environment variables, at most 4 KB in all. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the function may do besides writing its log and its traces. */
  readonly statements: readonly Statement[];
  /** ARN of the policy that limits what the function's role may be given. @default no limit */
  readonly permissionsBoundary?: string;
  /** IAM path of the function's role. It starts and ends with a slash. @default "/" */
  readonly rolePath?: string;
  /** One of CloudWatch's retentions, in days. */
  readonly logRetentionDays: number;
  /** Least severe level that is logged. Above INFO Lambda would drop lines without a level, such as metrics. */
  readonly logLevel: "DEBUG" | "INFO";
}

/** A Lambda function from a bundle, with its own role and log group. */
export class BundledFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly rolePolicy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const {
      name,
      description,
      bundle,
      tuning,
      variables,
      statements,
      permissionsBoundary,
      rolePath,
      logRetentionDays,
      logLevel,
    } = props;
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: `/aws/lambda/${name}`,
      retentionInDays: logRetentionDays,
    });
    const role = new IamRole(this, "role", {
      name,
      assumeRolePolicy: trustPolicy("lambda.amazonaws.com"),
      ...(permissionsBoundary && { permissionsBoundary }),
      ...(rolePath && { path: rolePath }),
    });
    this.rolePolicy = new IamRolePolicy(this, "role-policy", {
      name,
      role: role.name,
      policy: policyDocument([...writeTelemetry(logGroup), ...statements]),
    });
    this.lambda = new LambdaFunction(this, "function", {
      functionName: name,
      description,
      role: role.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: assetFile(this, `${name}.zip`, bundle.zip),
      sourceCodeHash: bundle.sha256,
      timeout: tuning.timeoutSeconds,
      memorySize: tuning.memoryMb,
      ...(tuning.reservedConcurrency && { reservedConcurrentExecutions: tuning.reservedConcurrency }),
      environment: { variables: { ...variables } },
      tracingConfig: { mode: "Active" },
      loggingConfig: {
        logFormat: "JSON",
        logGroup: logGroup.name,
        applicationLogLevel: logLevel,
        systemLogLevel: "INFO",
      },
      dependsOn: [this.rolePolicy, logGroup],
    });
  }
}

const writeTelemetry = (logGroup: CloudwatchLogGroup): Statement[] => [
  allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [`${logGroup.arn}:*`]),
  // X-Ray has no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  allow("WriteTraces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]),
];
