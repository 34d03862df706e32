import { boundaryArn } from "../../environments/ci.ts";
import type { Account } from "../../environments/environment.ts";
import type { Statement } from "../../modules/policy.ts";
import { queryActions, tableActions } from "../consumers/athena.ts";
import { parameterArn, parameterName, throughputSettingArn } from "../stages/parameters.ts";

/** The environment whose resources a policy is about. */
export interface Place extends Account {
  readonly environmentName: string;
  /** Start of every name, such as `leadwire-dev`. */
  readonly prefix: string;
  /** IAM path of the functions' roles. It starts and ends with a slash. @default "/" */
  readonly rolePath?: string;
}

/** What actions are allowed on, and when. */
interface Target {
  readonly arns: (place: Place) => readonly string[];
  readonly condition?: (place: Place) => Statement["condition"];
}

const arn = (service: string, resource: (prefix: string) => string) => (place: Place) => [
  `arn:aws:${service}:${place.region}:${place.accountId}:${resource(place.prefix)}`,
];
const roles = ({ accountId, prefix, rolePath = "/" }: Place) => [
  `arn:aws:iam::${accountId}:role${rolePath}${prefix}-*`,
];
const functions = arn("lambda", (prefix) => `function:${prefix}-*`);

/** What the actions of the table below are allowed on. Names start with the stack's, where AWS does not choose them. */
export const targets = {
  /** For actions that AWS does not define resources for, or whose lists name none. */
  everything: { arns: () => ["*"] },
  buckets: { arns: ({ prefix, accountId }) => [`arn:aws:s3:::${prefix}-*-${accountId}`] },
  queues: { arns: arn("sqs", (prefix) => `${prefix}-*`) },
  topics: { arns: arn("sns", (prefix) => `${prefix}-*`) },
  tables: { arns: arn("dynamodb", (prefix) => `table/${prefix}-*`) },
  rules: { arns: arn("events", (prefix) => `rule/${prefix}-*`) },
  alarms: { arns: arn("cloudwatch", (prefix) => `alarm:${prefix}-*`) },
  dashboards: { arns: ({ accountId, prefix }) => [`arn:aws:cloudwatch::${accountId}:dashboard/${prefix}`] },
  logGroups: {
    arns: (place) =>
      ["/aws/lambda", "/aws/vendedlogs/apis"].flatMap((path) =>
        arn("logs", (prefix) => `log-group:${path}/${prefix}-*`)(place),
      ),
  },
  functions: { arns: functions },
  eventSourceMappings: { arns: arn("lambda", () => "event-source-mapping:*") },
  mappingsOfFunctions: {
    arns: () => ["*"],
    condition: (place) => ({ ArnLike: { "lambda:FunctionArn": functions(place) } }),
  },
  /** AWS chooses the ids of APIs. Tags of an API are reached below the API's own ARN too. */
  apis: {
    arns: ({ region }) => ["/apis", "/apis/*", "*/tags/*"].map((path) => `arn:aws:apigateway:${region}::${path}`),
  },
  /** SES names identities by addresses and domains, which environments change. */
  mail: {
    arns: (place) => [
      ...arn("ses", () => "identity/*")(place),
      ...arn("ses", (prefix) => `configuration-set/${prefix}`)(place),
    ],
  },
  settings: { arns: (place) => [parameterArn(place, parameterName(place.environmentName, "sources/*/settings"))] },
  parameterThroughput: { arns: (place) => [throughputSettingArn(place)] },
  pagerDuty: {
    arns: (place) => [parameterArn(place, parameterName(place.environmentName, "pagerduty", "integration-url"))],
  },
  roles: { arns: roles },
  rolesWithBoundary: {
    arns: roles,
    condition: (place) => ({
      StringEquals: { "iam:PermissionsBoundary": boundaryArn(place.environmentName, place, "functions") },
    }),
  },
  rolesForLambda: {
    arns: roles,
    condition: () => ({ StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } }),
  },
  /** The database of the catalog and what it holds. Names in it have no hyphens. */
  catalog: {
    arns: (place) =>
      ["catalog", "database/PREFIX_*", "table/PREFIX_*", "userDefinedFunction/PREFIX_*"].flatMap((path) =>
        arn("glue", (prefix) => path.replace("PREFIX", prefix.replaceAll("-", "_")))(place),
      ),
  },
  workgroups: { arns: arn("athena", (prefix) => `workgroup/${prefix}-*`) },
  /** API Gateway makes it with an account's first HTTP API. */
  apiGatewayRole: {
    arns: ({ accountId }) => [
      `arn:aws:iam::${accountId}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
    ],
    condition: () => ({ StringEquals: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" } }),
  },
} as const satisfies Readonly<Record<string, Target>>;

type TargetName = keyof typeof targets;

/** Actions on a target: those that a refresh calls, and those that create, change and delete. */
interface Actions {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
}

type Permissions = Readonly<Partial<Record<TargetName, Actions>>>;

/** Puts the service before the names of actions, which spaces separate. */
const of = (service: string) => (names: string) => names.split(" ").map((name) => `${service}:${name}`);
const [s3, sqs, sns, ses, ssm] = [of("s3"), of("sqs"), of("sns"), of("ses"), of("ssm")];
const [dynamodb, events, cloudwatch, logs] = [of("dynamodb"), of("events"), of("cloudwatch"), of("logs")];
const [lambda, apigateway, iam] = [of("lambda"), of("apigateway"), of("iam")];
const [athena, glue] = [of("athena"), of("glue")];

/** A setting of a bucket that one action reads and one writes. */
const bucketSetting = (name: string): Permissions => ({ buckets: { read: s3(`Get${name}`), write: s3(`Put${name}`) } });
const apiPart: Permissions = {
  apis: { read: apigateway("GET"), write: apigateway("DELETE PATCH POST PUT TagResource") },
};

/**
 * What the AWS provider for Terraform calls for each type of resource in the pipelines' stacks. A data source stands under
 * `data.TYPE`. The provider reads the tags of everything that has them, and `s3:ListBucket` is what HeadBucket needs.
 * https://github.com/hashicorp/terraform-provider-aws/tree/v6.25.0/internal/service
 */
export const permissions: Readonly<Record<string, Permissions>> = {
  aws_apigatewayv2_api: { ...apiPart, apiGatewayRole: { write: iam("CreateServiceLinkedRole") } },
  aws_apigatewayv2_integration: apiPart,
  aws_apigatewayv2_route: apiPart,
  aws_apigatewayv2_stage: {
    ...apiPart,
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
    everything: {
      write: logs(
        "CreateLogDelivery DeleteLogDelivery DescribeResourcePolicies GetLogDelivery ListLogDeliveries PutResourcePolicy UpdateLogDelivery",
      ),
    },
  },
  aws_athena_named_query: {
    workgroups: { read: athena("GetNamedQuery"), write: athena("CreateNamedQuery DeleteNamedQuery") },
  },
  aws_athena_workgroup: {
    workgroups: {
      read: athena("GetWorkGroup ListTagsForResource"),
      write: athena("CreateWorkGroup DeleteWorkGroup TagResource UntagResource UpdateWorkGroup"),
    },
  },
  aws_cloudwatch_dashboard: {
    dashboards: { read: cloudwatch("GetDashboard"), write: cloudwatch("DeleteDashboards PutDashboard") },
  },
  aws_cloudwatch_event_rule: {
    rules: {
      read: events("DescribeRule ListTagsForResource"),
      write: events("DeleteRule DisableRule EnableRule PutRule TagResource UntagResource"),
    },
  },
  aws_cloudwatch_event_target: {
    rules: { read: events("ListTargetsByRule"), write: events("PutTargets RemoveTargets") },
  },
  aws_cloudwatch_log_group: {
    everything: { read: logs("DescribeLogGroups") },
    logGroups: {
      read: logs("ListTagsForResource"),
      write: logs(
        "CreateLogGroup DeleteLogGroup DeleteRetentionPolicy PutLogGroupDeletionProtection PutRetentionPolicy TagResource UntagResource",
      ),
    },
  },
  aws_cloudwatch_log_metric_filter: {
    logGroups: { read: logs("DescribeMetricFilters"), write: logs("DeleteMetricFilter PutMetricFilter") },
  },
  aws_cloudwatch_metric_alarm: {
    everything: { read: cloudwatch("DescribeAlarms") },
    alarms: {
      read: cloudwatch("ListTagsForResource"),
      write: cloudwatch("DeleteAlarms PutMetricAlarm TagResource UntagResource"),
    },
  },
  aws_dynamodb_table: {
    tables: {
      read: dynamodb("DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTagsOfResource"),
      write: dynamodb(
        "CreateTable DeleteTable TagResource UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive",
      ),
    },
  },
  aws_glue_catalog_database: {
    catalog: {
      read: glue("GetDatabase GetTags"),
      write: glue("CreateDatabase DeleteDatabase TagResource UntagResource UpdateDatabase"),
    },
  },
  aws_glue_catalog_table: {
    catalog: {
      read: glue("GetPartitionIndexes GetTable"),
      write: glue("CreateTable DeleteTable UpdateTable"),
    },
  },
  aws_iam_role: {
    roles: {
      read: iam("GetRole ListAttachedRolePolicies ListRolePolicies"),
      write: iam("DeleteRole ListInstanceProfilesForRole TagRole UntagRole UpdateAssumeRolePolicy UpdateRole"),
    },
    rolesWithBoundary: { write: iam("CreateRole PutRolePermissionsBoundary") },
  },
  aws_iam_role_policy: {
    roles: { read: iam("GetRolePolicy"), write: iam("DeleteRolePolicy") },
    rolesWithBoundary: { write: iam("PutRolePolicy") },
  },
  aws_lambda_event_source_mapping: {
    eventSourceMappings: {
      read: lambda("GetEventSourceMapping ListTags"),
      write: lambda("TagResource UntagResource"),
    },
    mappingsOfFunctions: {
      write: lambda("CreateEventSourceMapping DeleteEventSourceMapping UpdateEventSourceMapping"),
    },
  },
  aws_lambda_function: {
    functions: {
      read: lambda("GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration ListTags ListVersionsByFunction"),
      write: lambda(
        "CreateFunction DeleteFunction DeleteFunctionConcurrency PutFunctionConcurrency TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration",
      ),
    },
    rolesForLambda: { write: iam("PassRole") },
  },
  aws_lambda_function_recursion_config: {
    functions: { read: lambda("GetFunctionRecursionConfig"), write: lambda("PutFunctionRecursionConfig") },
  },
  aws_lambda_permission: {
    functions: { read: lambda("GetPolicy"), write: lambda("AddPermission RemovePermission") },
  },
  aws_s3_bucket: {
    buckets: {
      read: s3(
        "GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket ListTagsForResource",
      ),
      write: s3("CreateBucket DeleteBucket PutBucketTagging TagResource UntagResource"),
    },
  },
  aws_s3_bucket_lifecycle_configuration: bucketSetting("LifecycleConfiguration"),
  aws_s3_bucket_notification: bucketSetting("BucketNotification"),
  aws_s3_bucket_ownership_controls: bucketSetting("BucketOwnershipControls"),
  aws_s3_bucket_policy: {
    buckets: { read: s3("GetBucketPolicy"), write: s3("DeleteBucketPolicy PutBucketPolicy") },
  },
  aws_s3_bucket_public_access_block: bucketSetting("BucketPublicAccessBlock"),
  aws_s3_bucket_server_side_encryption_configuration: bucketSetting("EncryptionConfiguration"),
  aws_s3_bucket_versioning: bucketSetting("BucketVersioning"),
  aws_sesv2_configuration_set: {
    mail: {
      read: ses("GetConfigurationSet ListTagsForResource"),
      write: ses(
        "CreateConfigurationSet DeleteConfigurationSet PutConfigurationSetDeliveryOptions PutConfigurationSetReputationOptions PutConfigurationSetSendingOptions PutConfigurationSetSuppressionOptions TagResource UntagResource",
      ),
    },
  },
  aws_sesv2_configuration_set_event_destination: {
    mail: {
      read: ses("GetConfigurationSetEventDestinations"),
      write: ses(
        "CreateConfigurationSetEventDestination DeleteConfigurationSetEventDestination UpdateConfigurationSetEventDestination",
      ),
    },
  },
  aws_sesv2_email_identity: {
    mail: {
      read: ses("GetEmailIdentity ListTagsForResource"),
      write: ses(
        "CreateEmailIdentity DeleteEmailIdentity PutEmailIdentityConfigurationSetAttributes PutEmailIdentityDkimSigningAttributes TagResource UntagResource",
      ),
    },
  },
  aws_sesv2_email_identity_mail_from_attributes: {
    mail: { read: ses("GetEmailIdentity"), write: ses("PutEmailIdentityMailFromAttributes") },
  },
  aws_sns_topic: {
    topics: {
      read: sns("GetTopicAttributes ListTagsForResource"),
      write: sns("CreateTopic DeleteTopic SetTopicAttributes TagResource UntagResource"),
    },
  },
  aws_sns_topic_policy: { topics: { read: sns("GetTopicAttributes"), write: sns("SetTopicAttributes") } },
  aws_sns_topic_subscription: {
    topics: {
      read: sns("GetSubscriptionAttributes ListSubscriptionsByTopic"),
      write: sns("SetSubscriptionAttributes Subscribe Unsubscribe"),
    },
  },
  aws_sqs_queue: {
    queues: {
      read: sqs("GetQueueAttributes ListQueueTags"),
      write: sqs("CreateQueue DeleteQueue SetQueueAttributes TagQueue UntagQueue"),
    },
  },
  aws_sqs_queue_policy: { queues: { read: sqs("GetQueueAttributes"), write: sqs("SetQueueAttributes") } },
  aws_sqs_queue_redrive_allow_policy: { queues: { read: sqs("GetQueueAttributes"), write: sqs("SetQueueAttributes") } },
  aws_ssm_parameter: {
    everything: { read: ssm("DescribeParameters") },
    settings: {
      read: ssm("GetParameter ListTagsForResource"),
      write: ssm("AddTagsToResource DeleteParameter PutParameter RemoveTagsFromResource"),
    },
  },
  aws_ssm_service_setting: {
    parameterThroughput: { read: ssm("GetServiceSetting"), write: ssm("ResetServiceSetting UpdateServiceSetting") },
  },
  // The only secret that Terraform reads: SNS has to know PagerDuty's URL, which can do no more than open incidents.
  "data.aws_ssm_parameter": { pagerDuty: { read: ssm("GetParameter") } },
};

/**
 * What the roles of functions and of analysts may be given at most. A role that needs more needs a line here.
 */
export const functionPermissions: Readonly<Record<string, Target & { readonly actions: readonly string[] }>> = {
  objects: {
    arns: (place) => targets.buckets.arns(place).flatMap((bucket) => [bucket, `${bucket}/*`]),
    actions: s3(
      "AbortMultipartUpload GetBucketLocation GetObject GetObjectVersion ListBucket ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts PutObject",
    ),
  },
  queues: {
    ...targets.queues,
    actions: sqs("ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage SendMessage"),
  },
  tables: { ...targets.tables, actions: dynamodb("BatchGetItem BatchWriteItem GetItem PutItem UpdateItem") },
  parameters: {
    arns: (place) => [parameterArn(place, parameterName(place.environmentName, "*"))],
    actions: ssm("GetParameters"),
  },
  queries: {
    arns: (place) => [...targets.workgroups.arns(place), ...arn("athena", () => "datacatalog/AwsDataCatalog")(place)],
    actions: queryActions,
  },
  catalog: {
    arns: (place) => [...targets.catalog.arns(place), ...arn("glue", () => "database/default")(place)],
    actions: tableActions,
  },
  mail: { ...targets.mail, actions: ses("SendEmail") },
  logs: { ...targets.logGroups, actions: logs("CreateLogStream PutLogEvents") },
  everything: {
    ...targets.everything,
    actions: [
      ...ses("GetSuppressedDestination"),
      ...of("xray")("PutTelemetryRecords PutTraceSegments"),
      ...athena("ListDataCatalogs ListWorkGroups"),
    ],
  },
};
