import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";

/** Requests a second in the long run, and requests at once above that. Other requests get 429. */
interface Throttling {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

type Method = "POST" | "GET";

/** A path that the API accepts, such as `/{source}`, and its methods. The API prefers a path without a variable. */
interface EndpointRoute {
  /** Ends the ids of the route's resources. @default nothing, for the first route */
  readonly name?: string;
  readonly methods: readonly Method[];
  readonly path: `/${string}`;
  /** @default that of the API */
  readonly throttling?: Throttling;
}

export interface HttpEndpointProps {
  readonly name: string;
  readonly description: string;
  readonly routes: readonly [EndpointRoute, ...EndpointRoute[]];
  readonly lambda: LambdaFunction;
  /** Of each method of each route that has no throttling of its own. */
  readonly throttling: Throttling;
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

const limitsOf = ({ requestsPerSecond, burst }: Throttling) => ({
  throttlingRateLimit: requestsPerSecond,
  throttlingBurstLimit: burst,
});

/** An HTTP API in front of one function, throttled, with an access log. */
export class HttpEndpoint extends Construct {
  readonly api: Apigatewayv2Api;

  constructor(scope: Construct, id: string, props: HttpEndpointProps) {
    super(scope, id);
    const { name, description, routes, throttling, logRetentionDays } = props;
    this.api = new Apigatewayv2Api(this, "api", { name, description, protocolType: "HTTP" });
    const integration = new Apigatewayv2Integration(this, "integration", {
      apiId: this.api.id,
      integrationType: "AWS_PROXY",
      integrationUri: props.lambda.invokeArn,
      payloadFormatVersion: "2.0",
    });
    const target = `integrations/${integration.id}`;
    // Log groups of this name need no resource policy of their own, whose number and size are limited:
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    const accessLog = new CloudwatchLogGroup(this, "log-group", {
      name: `/aws/vendedlogs/apis/${name}`,
      retentionInDays: logRetentionDays,
    });
    // Dimensions of such a metric would be fields of the log, so the namespace says which API it is of.
    new CloudwatchLogMetricFilter(this, "throttled-requests", {
      name: `${name}-throttled`,
      logGroupName: accessLog.name,
      pattern: '{ $.status = "429" }',
      metricTransformation: { namespace: name, name: "ThrottledRequests", value: "1" },
    });
    new Apigatewayv2Stage(this, "stage", {
      apiId: this.api.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLog.arn, format: JSON.stringify(accessLogFields) },
      defaultRouteSettings: limitsOf(throttling),
      routeSettings: routes.flatMap(({ methods, path, throttling: own }) =>
        own ? methods.map((method) => ({ routeKey: `${method} ${path}`, ...limitsOf(own) })) : [],
      ),
      // AWS refuses settings of a route that is not there yet.
      dependsOn: this.routesTo(props, target),
    });
  }

  /**
   * A route for each method of each path. The first path has permissions of its own to invoke the function, and the others share
   * theirs: the policy of a function has 20 KB, which is room for some sixty.
   * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  private routesTo({ lambda, routes: [first, ...others] }: HttpEndpointProps, target: string): Apigatewayv2Route[] {
    const methods = [...new Set(others.flatMap((route) => route.methods))];
    const ofFirst = this.permissions(lambda, first.methods, first.path);
    const ofOthers = this.permissions(lambda, methods, "/*", "-others");
    return [
      ...this.routes(first, target, ofFirst),
      ...others.flatMap((route) => this.routes(route, target, ofOthers, `-${route.name}`)),
    ];
  }

  /** The permissions to invoke the function by the methods of a path. */
  private permissions({ functionName }: LambdaFunction, methods: readonly Method[], path: string, ending = "") {
    return methods.map((method) => {
      const [ids, statement] = method === "POST" ? ["", ""] : [`${method.toLowerCase()}-`, `By${method}`];
      return new LambdaPermission(this, `${ids}permission${ending}`, {
        statementId: `InvokeFromApi${statement}${ending}`,
        action: "lambda:InvokeFunction",
        functionName,
        principal: "apigateway.amazonaws.com",
        sourceArn: `${this.api.executionArn}/*/${method}${path}`,
      });
    });
  }

  /** The routes of a path. The API answers 500 until it may invoke the function, and a route is live at once. */
  private routes({ methods, path }: EndpointRoute, target: string, dependsOn: LambdaPermission[], ending = "") {
    return methods.map((method) => {
      const ids = method === "POST" ? "" : `${method.toLowerCase()}-`;
      return new Apigatewayv2Route(this, `${ids}route${ending}`, {
        ...{ apiId: this.api.id, target, dependsOn },
        routeKey: `${method} ${path}`,
      });
    });
  }
}
