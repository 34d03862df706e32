import type { SSMClient } from "@aws-sdk/client-ssm";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { XMLParser } from "fast-xml-parser";
import { LeadwireError } from "../../errors.ts";
import { bodyStart } from "../../functions/runtime/body-start.ts";

/** AWS refused a call; the code is AWS's own. */
export class AwsRefusalError extends LeadwireError {}

type Json = Readonly<Record<string, unknown>>;

const maxAnswerBytes = 1024 * 1024;
// Account ids begin with zeros too.
const xml = new XMLParser({ parseTagValue: false });

/**
 * Calls a service for which the project has no client, with the credentials and the connections of a client that it has.
 * @param form the parameters of a query call, which is a POST; without them it is a GET
 * @returns the answer, from JSON or XML
 * @throws AwsRefusalError
 */
export async function signedCall(
  { config }: SSMClient,
  service: "iam" | "lambda" | "sns" | "sts",
  path: string,
  form?: Readonly<Record<string, string>>,
): Promise<Json> {
  // IAM is the same in all Regions. https://docs.aws.amazon.com/general/latest/gr/iam-service.html
  const region = service === "iam" ? "us-east-1" : await config.region();
  const { AWS_ENDPOINT_URL: own } = process.env;
  const endpoint = service === "iam" ? "iam.amazonaws.com" : `${service}.${region}.amazonaws.com`;
  const { protocol, hostname, port, host } = new URL(own ?? `https://${endpoint}`);
  const request = new HttpRequest({
    protocol,
    hostname,
    ...(port && { port: Number(port) }),
    path,
    method: form ? "POST" : "GET",
    headers: { host, ...(form && { "content-type": "application/x-www-form-urlencoded" }) },
    ...(form && { body: new URLSearchParams(form).toString() }),
  });
  const { credentials, sha256 } = config;
  const signer = new SignatureV4({ credentials, sha256, region, service });
  const signed = (await signer.sign(request)) as HttpRequest;
  const { response } = await config.requestHandler.handle(signed);
  const text = (await bodyStart(response.body, maxAnswerBytes)).toString("utf8");
  const answer: Json = text.trimStart().startsWith("<") ? xml.parse(text) : JSON.parse(text || "{}");
  if (response.statusCode < 300) return answer;
  const { Error: error } = (answer.ErrorResponse ?? {}) as { Error?: { Code?: string; Message?: string } };
  const code = error?.Code ?? response.headers["x-amzn-errortype"]?.split(":")[0] ?? `Http${response.statusCode}`;
  throw new AwsRefusalError(
    code,
    `${code}: ${error?.Message ?? answer.message ?? answer.Message ?? "no reason given"}`,
  );
}
