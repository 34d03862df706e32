import { randomUUID } from "node:crypto";
import { optionalText, textField } from "../stack/fields.ts";
import type { Stack } from "../stack/stack-file.ts";
import { type ApiAnswer, type Backend, jsonBody } from "./call.ts";
import { parameterThroughput } from "./parameter-throughput.ts";
import { ServiceError } from "./service-error.ts";

const json = (value: unknown): ApiAnswer => ({
  status: 200,
  headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
  body: JSON.stringify(value),
});

/** Names in one call. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const maxNames = 10;

interface Parameter {
  readonly type: string;
  readonly value: string;
}

/** The parameters that a stack makes. */
const parametersOf = (stack: Stack): [string, Parameter][] =>
  stack.of("aws_ssm_parameter").map((parameter) => {
    const value = optionalText(parameter, "insecure_value") ?? textField(parameter, "value");
    return [textField(parameter, "name"), { type: textField(parameter, "type"), value }];
  });

/** Whether the stack switches high throughput on. The setting's id is a path, or an ARN that ends with it. */
const isHighThroughput = (stack: Stack): boolean =>
  stack
    .of("aws_ssm_service_setting")
    .some(
      (setting) =>
        textField(setting, "setting_id").endsWith("/ssm/parameter-store/high-throughput-enabled") &&
        textField(setting, "setting_value") === "true",
    );

/**
 * SSM's parameters: those of the stack, and those that it only names, which are SecureStrings. It throttles as an account does.
 * @param values of parameters; one of the stack's own has this value instead of its own
 * @param now milliseconds, never running backwards
 */
export function ssmBackend(values: Readonly<Record<string, string>>, stack: Stack, now?: () => number): Backend {
  const { account, region } = stack.place;
  const own = new Map(parametersOf(stack));
  const given = Object.entries(values).map(
    ([name, value]) => [name, { type: own.get(name)?.type ?? "SecureString", value }] as const,
  );
  const known = new Map<string, Parameter>([...own, ...given]);
  const arn = (name: string) => `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;
  const changed = Date.now() / 1000;
  const mayRead = parameterThroughput(isHighThroughput(stack), now);

  const parameter = (name: string, decrypted: boolean) => {
    const found = known.get(name);
    if (!found) return undefined;
    const isReadable = decrypted || found.type !== "SecureString";
    return {
      Name: name,
      ARN: arn(name),
      Type: found.type,
      Value: isReadable ? found.value : Buffer.from(`encrypted:${name}`).toString("base64"),
      Version: 1,
      DataType: "text",
      LastModifiedDate: changed,
    };
  };

  return {
    service: "ssm",
    describe: (request) => ({
      operation: (request.headers["x-amz-target"] ?? "").replace("AmazonSSM.", ""),
      parameters: jsonBody(request),
    }),
    handle: async (_request, { operation, parameters: { Name, Names, WithDecryption } }) => {
      const decrypted = WithDecryption === true;
      if ((operation === "GetParameter" || operation === "GetParameters") && !mayRead(operation)) {
        throw new ServiceError(400, "ThrottlingException", "Rate exceeded");
      }
      if (operation === "GetParameter") {
        const found = parameter(String(Name), decrypted);
        if (!found) throw new ServiceError(400, "ParameterNotFound", `Parameter ${Name} not found.`);
        return json({ Parameter: found });
      }
      if (operation === "GetParameters") {
        const names = [Names ?? []].flat().map(String);
        if (names.length > maxNames) throw new ServiceError(400, "ValidationException", `At most ${maxNames} names.`);
        return json({
          Parameters: names.flatMap((name) => parameter(name, decrypted) ?? []),
          InvalidParameters: names.filter((name) => !known.has(name)),
        });
      }
      throw new ServiceError(400, "UnknownOperationException", `local-aws does not simulate ssm:${operation}.`);
    },
  };
}
