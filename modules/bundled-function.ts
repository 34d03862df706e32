import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { Construct } from "constructs";
import { assetFile } from "./asset-file.ts";
import type { Bundle } from "./bundle.ts";
import { MetricAlarm } from "./metric-alarm.ts";
import { policyDocument, type Statement, trustPolicy } from "./policy.ts";
import type { FunctionTuning } from "./tuning.ts";

export interface BundledFunctionProps {
  readonly name: string;
  readonly description: string;
  readonly bundle: Bundle;
  readonly tuning: FunctionTuning;
  readonly variables: Readonly<Record<string, string>>;
  /** What the function may do beside writing its log and its traces. */
  readonly statements: readonly Statement[];
  readonly logRetentionDays: number;
  /** Not above INFO: Lambda would leave out lines without a level, which metrics are. */
  readonly logLevel: "DEBUG" | "INFO";
  readonly alarmTopicArn: string;
  /** What whoever is woken by a failing function has to know: what it does to leads, and what to look at. */
  readonly errorAdvice: string;
  readonly throttleAdvice: string;
}

/** A function from a bundle, with a role of its own, a log group, and alarms on errors and throttles. */
export class BundledFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly rolePolicy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { name, description, bundle, tuning, variables, statements } = props;
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: `/aws/lambda/${name}`,
      retentionInDays: props.logRetentionDays,
    });
    const role = new IamRole(this, "role", { name, assumeRolePolicy: trustPolicy("lambda.amazonaws.com") });
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
        applicationLogLevel: props.logLevel,
        systemLogLevel: "INFO",
      },
      dependsOn: [this.rolePolicy, logGroup],
    });
    const alarm = (kind: string, metric: string, advice: string) =>
      new MetricAlarm(this, kind, {
        name: `${name}-${kind}`,
        description: advice,
        topicArn: props.alarmTopicArn,
        namespace: "AWS/Lambda",
        metric,
        dimensions: { FunctionName: this.lambda.functionName },
        statistic: "Sum",
        above: 0,
        calmMinutes: 5,
      });
    alarm("errors", "Errors", props.errorAdvice);
    alarm("throttles", "Throttles", props.throttleAdvice);
  }
}

const writeTelemetry = (logGroup: CloudwatchLogGroup): Statement[] => [
  {
    sid: "WriteLog",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [`${logGroup.arn}:*`],
  },
  {
    // X-Ray knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    sid: "WriteTraces",
    actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    resources: ["*"],
  },
];
