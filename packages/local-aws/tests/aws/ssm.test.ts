import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ApiRequest } from "../../src/aws/call.ts";
import { operator } from "../../src/aws/call.ts";
import { type ParameterRead, parameterThroughput } from "../../src/aws/parameter-throughput.ts";
import { ServiceError } from "../../src/aws/service-error.ts";
import { ssmBackend } from "../../src/aws/ssm.ts";
import { readStack } from "../../src/stack/stack-file.ts";
import { account, buildStack, region } from "../helpers/build-stack.ts";

/** Reads a parameter of a stack with both operations in turn. @returns how many reads in a row are answered, by a clock */
function setUp(settings: Readonly<Record<string, { setting_id: string; setting_value: string }>> = {}) {
  const state = { now: 0 };
  const folder = buildStack({ resource: { aws_ssm_service_setting: settings } });
  const stack = readStack(folder, { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" });
  const { handle } = ssmBackend({ "/a": "value" }, stack, () => state.now);
  const read = (operation: string) =>
    handle({} as ApiRequest, {
      caller: operator,
      service: "ssm",
      operation,
      parameters: { Name: "/a", Names: ["/a"] },
    });
  const answered = async () => {
    for (let count = 0; count < 5000; count += 1) {
      try {
        await read(count % 2 === 0 ? "GetParameters" : "GetParameter");
      } catch (error) {
        assert.instance(error, ServiceError);
        assert.is((error as ServiceError).code, "ThrottlingException");
        return count;
      }
    }
    return "all";
  };
  return { state, answered };
}

const high = `arn:aws:ssm:${region}:${account}:servicesetting/ssm/parameter-store/high-throughput-enabled`;

const ssm = suite("ssm");

ssm("SSM answers 40 reads of parameters a second, of both operations together, and throttles more", async () => {
  for (const settings of [
    {},
    { off: { setting_id: high, setting_value: "false" } },
    { other: { setting_id: "/ssm/documents/console/public-sharing-permission", setting_value: "true" } },
  ]) {
    const { state, answered } = setUp(settings);
    assert.equal([await answered(), await answered()], [40, 0]);
    state.now += 500;
    assert.is(await answered(), 20);
  }
});

ssm("a stack that switches on SSM's high throughput reads 1,000 times a second with GetParameters", async () => {
  const { state, answered } = setUp({ high: { setting_id: high, setting_value: "true" } });
  assert.equal([await answered(), await answered()], [2000, 0], "as many GetParameter go between them");
  state.now += 100;
  assert.is(await answered(), 200);
  const take = parameterThroughput(true, () => 0);
  const taken = (operation: ParameterRead) =>
    Array.from({ length: 10_100 }, () => take(operation)).filter(Boolean).length;
  assert.equal([taken("GetParameter"), taken("GetParameters")], [10_000, 1000]);
});

ssm("a list of the stack is readable without decryption", async () => {
  const list = { name: "/list", type: "StringList", value: "a,b" };
  const folder = buildStack({ resource: { aws_ssm_parameter: { list } } });
  const stack = readStack(folder, { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" });
  const call = { caller: operator, service: "ssm", operation: "GetParameter", parameters: { Name: "/list" } } as const;
  const { body } = await ssmBackend({}, stack).handle({} as ApiRequest, call);
  const { Type, Value } = JSON.parse(String(body)).Parameter as Record<string, unknown>;
  assert.equal([Type, Value], ["StringList", "a,b"]);
});

ssm.run();
