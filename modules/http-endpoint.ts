import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";
import { MetricAlarm } from "./metric-alarm.ts";

export interface HttpEndpointProps {
  readonly name: string;
  readonly description: string;
  /** The one method and path that the API takes, such as `POST /{source}`. */
  readonly route: { readonly method: "POST"; readonly path: `/${string}` };
  readonly lambda: LambdaFunction;
  readonly throttling: { readonly requestsPerSecond: number; readonly burst: number };
  readonly logRetentionDays: number;
  readonly alarmTopicArn: string;
  /** What a failing endpoint means, and what to do first. */
  readonly errorAdvice: string;
}

/** Fields of an access log line: enough to find the function's own lines, and no address or header of the caller. */
const accessLogFields = {
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  routeKey: "$context.routeKey",
  status: "$context.status",
  responseLatency: "$context.responseLatency",
  responseLength: "$context.responseLength",
  integrationStatus: "$context.integrationStatus",
  integrationLatency: "$context.integrationLatency",
  integrationError: "$context.integrationErrorMessage",
};

/** An HTTP API with one route to one function, throttled, with an access log and an alarm on its failures. */
export class HttpEndpoint extends Construct {
  readonly api: Apigatewayv2Api;

  constructor(scope: Construct, id: string, props: HttpEndpointProps) {
    super(scope, id);
    const { name, description, route, lambda, throttling, logRetentionDays, alarmTopicArn, errorAdvice } = props;
    this.api = new Apigatewayv2Api(this, "api", { name, description, protocolType: "HTTP" });
    const integration = new Apigatewayv2Integration(this, "integration", {
      apiId: this.api.id,
      integrationType: "AWS_PROXY",
      integrationUri: lambda.invokeArn,
      payloadFormatVersion: "2.0",
    });
    new Apigatewayv2Route(this, "route", {
      apiId: this.api.id,
      routeKey: `${route.method} ${route.path}`,
      target: `integrations/${integration.id}`,
    });
    const permission = new LambdaPermission(this, "permission", {
      statementId: "InvokeFromApi",
      action: "lambda:InvokeFunction",
      functionName: lambda.functionName,
      principal: "apigateway.amazonaws.com",
      sourceArn: `${this.api.executionArn}/*/${route.method}${route.path}`,
    });
    // Log groups under this name need no resource policy of their own, whose number and size are limited:
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    const accessLog = new CloudwatchLogGroup(this, "log-group", {
      name: `/aws/vendedlogs/apis/${name}`,
      retentionInDays: logRetentionDays,
    });
    new Apigatewayv2Stage(this, "stage", {
      apiId: this.api.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLog.arn, format: JSON.stringify(accessLogFields) },
      defaultRouteSettings: {
        throttlingRateLimit: throttling.requestsPerSecond,
        throttlingBurstLimit: throttling.burst,
      },
      // The API answers 500 as long as it may not invoke the function.
      dependsOn: [permission],
    });
    new MetricAlarm(this, "server-errors", {
      name: `${name}-server-errors`,
      description: errorAdvice,
      topicArn: alarmTopicArn,
      namespace: "AWS/ApiGateway",
      metric: "5xx",
      dimensions: { ApiId: this.api.id },
      statistic: "Sum",
      above: 0,
      calmMinutes: 5,
    });
  }
}
