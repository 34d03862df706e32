/** Where the stack runs: what AWS would only know after an apply. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** The gateway's URL, which stands for every AWS endpoint. */
  readonly gatewayUrl: string;
  /** The URL of the simulated API Gateway. */
  readonly apiUrl: string;
  /** Value of an SSM parameter that the stack itself reads. */
  readonly parameter?: (name: string) => string | undefined;
}

/** An attribute that the stack file sets, with its references already filled. */
type Given = (attribute: string) => unknown;

type Computed = (given: Given, place: Place) => Readonly<Record<string, unknown>>;

const arn = ({ account, region }: Place, service: string, resource: unknown) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

/** A made-up but stable id, for resources that AWS names itself. */
const madeUp =
  (prefix: string): Computed =>
  () => ({ id: `${prefix}local` });

/** Attributes that no one sets and AWS works out, for each type that the stacks refer to. */
export const computed: Readonly<Record<string, Computed>> = {
  "data.aws_caller_identity": (_, place) => ({
    account_id: place.account,
    id: place.account,
    arn: `arn:aws:iam::${place.account}:user/operator`,
  }),
  "data.aws_ssm_parameter": (given, { parameter }) => ({
    id: given("name"),
    value: parameter?.(String(given("name"))),
  }),
  "data.aws_region": (_, { region }) => ({ name: region, region, id: region }),
  "data.aws_partition": () => ({ partition: "aws", dns_suffix: "amazonaws.com", id: "aws" }),
  aws_apigatewayv2_api: (_, place) => ({
    id: "local",
    api_endpoint: place.apiUrl,
    arn: `arn:aws:apigateway:${place.region}::/apis/local`,
    execution_arn: arn(place, "execute-api", "local"),
  }),
  aws_apigatewayv2_integration: madeUp("integration-"),
  aws_apigatewayv2_route: madeUp("route-"),
  aws_apigatewayv2_stage: (given, place) => ({
    id: given("name"),
    invoke_url: given("name") === "$default" ? `${place.apiUrl}/` : `${place.apiUrl}/${given("name")}`,
    arn: `arn:aws:apigateway:${place.region}::/apis/local/stages/${given("name")}`,
    execution_arn: `${arn(place, "execute-api", "local")}/${given("name")}`,
  }),
  aws_cloudwatch_event_rule: (given, place) => ({
    id: given("name"),
    arn: arn(place, "events", `rule/${given("name")}`),
  }),
  aws_cloudwatch_log_group: (given, place) => ({
    id: given("name"),
    arn: arn(place, "logs", `log-group:${given("name")}`),
  }),
  aws_cloudwatch_metric_alarm: (given, place) => ({
    id: given("alarm_name"),
    arn: arn(place, "cloudwatch", `alarm:${given("alarm_name")}`),
  }),
  aws_dynamodb_table: (given, place) => ({ id: given("name"), arn: arn(place, "dynamodb", `table/${given("name")}`) }),
  aws_iam_role: (given, { account }) => ({
    id: given("name"),
    path: "/",
    // Only a getter can ask for the path, which is worked out here too.
    get arn() {
      return `arn:aws:iam::${account}:role${given("path")}${given("name")}`;
    },
  }),
  aws_lambda_function: (given, place) => {
    const functionArn = arn(place, "lambda", `function:${given("function_name")}`);
    return {
      id: given("function_name"),
      arn: functionArn,
      version: "$LATEST",
      invoke_arn: `arn:aws:apigateway:${place.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    };
  },
  aws_s3_bucket: (given, { region }) => ({
    id: given("bucket"),
    arn: `arn:aws:s3:::${given("bucket")}`,
    region,
    bucket_domain_name: `${given("bucket")}.s3.amazonaws.com`,
    bucket_regional_domain_name: `${given("bucket")}.s3.${region}.amazonaws.com`,
  }),
  aws_sesv2_configuration_set: (given, place) => ({
    id: given("configuration_set_name"),
    arn: arn(place, "ses", `configuration-set/${given("configuration_set_name")}`),
  }),
  aws_sesv2_email_identity: (given, place) => ({
    id: given("email_identity"),
    arn: arn(place, "ses", `identity/${given("email_identity")}`),
    dkim_signing_attributes: [{ tokens: ["local-token-1", "local-token-2", "local-token-3"] }],
  }),
  aws_sns_topic: (given, place) => ({ id: arn(place, "sns", given("name")), arn: arn(place, "sns", given("name")) }),
  aws_sqs_queue: (given, place) => {
    const url = `${place.gatewayUrl}/${place.account}/${given("name")}`;
    return { id: url, url, arn: arn(place, "sqs", given("name")) };
  },
  aws_ssm_parameter: (given, place) => ({
    id: given("name"),
    arn: arn(place, "ssm", `parameter/${String(given("name")).replace(/^\//, "")}`),
  }),
};
