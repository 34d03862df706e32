import { randomUUID } from "node:crypto";
import type { Place } from "../stack/computed.ts";
import { type ApiAnswer, type Backend, jsonBody } from "./call.ts";
import { ServiceError } from "./service-error.ts";

const json = (value: unknown): ApiAnswer => ({
  status: 200,
  headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
  body: JSON.stringify(value),
});

/** SSM's parameters, all of them SecureStrings. */
export function ssmBackend(values: Readonly<Record<string, string>>, { account, region }: Place): Backend {
  const arn = (name: string) => `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;
  const changed = Date.now() / 1000;

  const parameter = (name: string, decrypted: boolean) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return undefined;
    return {
      Name: name,
      ARN: arn(name),
      Type: "SecureString",
      Value: decrypted ? value : Buffer.from(`encrypted:${name}`).toString("base64"),
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
      if (operation === "GetParameter") {
        const found = parameter(String(Name), decrypted);
        if (!found) throw new ServiceError(400, "ParameterNotFound", `Parameter ${Name} not found.`);
        return json({ Parameter: found });
      }
      if (operation === "GetParameters") {
        const names = [Names ?? []].flat().map(String);
        return json({
          Parameters: names.flatMap((name) => parameter(name, decrypted) ?? []),
          InvalidParameters: names.filter((name) => !Object.hasOwn(values, name)),
        });
      }
      throw new ServiceError(400, "UnknownOperationException", `local-aws does not simulate ssm:${operation}.`);
    },
  };
}
