import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";

export interface HttpEndpointProps {
  readonly name: string;
  readonly description: string;
  /** The methods and the one path that the API accepts, such as `POST /{source}`. */
  readonly route: { readonly methods: readonly ("POST" | "GET")[]; readonly path: `/${string}` };
  readonly lambda: LambdaFunction;
  /** Requests a second in the long run, and requests at once above that. Other requests get 429. */
  readonly throttling: { readonly requestsPerSecond: number; readonly burst: number };
  /** One of CloudWatch's retentions, in days. */
  readonly logRetentionDays: number;
}

/**
 * Fields of an access log line. A request's path, query and headers can hold a secret, so none of them is here, nor the host,
 * which is a header. `apiRequestId` of a function's own lines is `requestId`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const accessLogFields = {
  requestId: "$context.requestId",
  sourceIp: "$context.identity.sourceIp",
  requestTime: "$context.requestTime",
  routeKey: "$context.routeKey",
  status: "$context.status",
  responseLatency: "$context.responseLatency",
  responseLength: "$context.responseLength",
  integrationStatus: "$context.integrationStatus",
  integrationLatency: "$context.integrationLatency",
  integrationError: "$context.integrationErrorMessage",
};

/** An HTTP API with one path to one function, throttled, with an access log. */
export class HttpEndpoint extends Construct {
  readonly api: Apigatewayv2Api;

  constructor(scope: Construct, id: string, props: HttpEndpointProps) {
    super(scope, id);
    const { name, description, throttling, logRetentionDays } = props;
    this.api = new Apigatewayv2Api(this, "api", { name, description, protocolType: "HTTP" });
    const permissions = this.routesTo(props);
    // Log groups of this name need no resource policy of their own, whose number and size are limited:
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
      // The API answers 500 until it may invoke the function.
      dependsOn: permissions,
    });
  }

  /** A route for each method, their integration, and the permissions to invoke the function by them. */
  private routesTo({ lambda, route: { methods, path } }: HttpEndpointProps): LambdaPermission[] {
    const integration = new Apigatewayv2Integration(this, "integration", {
      apiId: this.api.id,
      integrationType: "AWS_PROXY",
      integrationUri: lambda.invokeArn,
      payloadFormatVersion: "2.0",
    });
    return methods.map((method) => {
      const [ids, statement] = method === "POST" ? ["", ""] : [`${method.toLowerCase()}-`, `By${method}`];
      new Apigatewayv2Route(this, `${ids}route`, {
        apiId: this.api.id,
        routeKey: `${method} ${path}`,
        target: `integrations/${integration.id}`,
      });
      return new LambdaPermission(this, `${ids}permission`, {
        statementId: `InvokeFromApi${statement}`,
        action: "lambda:InvokeFunction",
        functionName: lambda.functionName,
        principal: "apigateway.amazonaws.com",
        sourceArn: `${this.api.executionArn}/*/${method}${path}`,
      });
    });
  }
}
