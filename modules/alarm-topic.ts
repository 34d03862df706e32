import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { Construct } from "constructs";
import { denyWithoutTls, policyDocument } from "./policy.ts";

export interface AlarmTopicProps {
  readonly name: string;
  /** 12 digits: the account whose alarms may publish. */
  readonly accountId: string;
  /** Addresses to subscribe. Each gets an email from AWS to confirm. */
  readonly emails: readonly string[];
  /** Name of the SSM parameter with PagerDuty's integration URL. It must exist before a plan. @default no subscription */
  readonly pagerDutyParameter?: string;
}

/**
 * The SNS topic that gets alarms, and its subscriptions. It is not encrypted: CloudWatch cannot publish to a topic that is
 * encrypted with the key that AWS manages, and alarms carry no secret.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class AlarmTopic extends Construct {
  readonly topic: SnsTopic;
  readonly policy: SnsTopicPolicy;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const { name, accountId, emails, pagerDutyParameter } = props;
    this.topic = new SnsTopic(this, "topic", { name });
    this.policy = new SnsTopicPolicy(this, "topic-policy", {
      arn: this.topic.arn,
      policy: policyDocument([
        {
          sid: "PublishForThisAccount",
          principal: { Service: "cloudwatch.amazonaws.com" },
          actions: ["sns:Publish"],
          resources: [this.topic.arn],
          condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
        denyWithoutTls("sns:Publish", this.topic.arn),
      ]),
    });
    for (const email of emails) {
      new SnsTopicSubscription(this, email.replace(/[^a-z0-9]+/gi, "-"), {
        topicArn: this.topic.arn,
        protocol: "email",
        endpoint: email,
      });
    }
    if (pagerDutyParameter) {
      const url = new DataAwsSsmParameter(this, "pagerduty-url", { name: pagerDutyParameter });
      new SnsTopicSubscription(this, "pagerduty", {
        topicArn: this.topic.arn,
        protocol: "https",
        endpoint: url.value,
        endpointAutoConfirms: true,
      });
    }
  }
}
