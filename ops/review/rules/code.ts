import { type Rule, shownChange } from "../rule.ts";

const isPackage = /^(?:source_code_hash|filename|image_uri|s3_key|s3_object_version|code_sha256)$/;
const isRuntime = /^(?:handler|runtime|architectures|layers|package_type|image_config|snap_start|ephemeral_storage)$/;

/** Finds functions whose code changes, or what runs it. */
export const code: Rule = ({ address, type }, { attributes }) => {
  if (type !== "aws_lambda_function" && type !== "aws_lambda_layer_version") return { findings: [], explains: [] };
  const common = { class: "look", kind: "code", address, why: "A plan does not show what the code does." } as const;
  const packages = attributes.filter(({ path }) => isPackage.test(String(path[0])));
  const runtimes = attributes.filter(({ path }) => isRuntime.test(String(path[0])));
  const deployed = {
    summary: "deploys new code",
    before: null,
    after: null,
    todo: "Read the commits since the last deployment.",
  };
  return {
    findings: [
      ...(packages.length > 0 ? [{ ...common, ...deployed }] : []),
      ...runtimes.map((attribute) => ({
        ...common,
        summary: `changes ${attribute.path[0]}`,
        ...shownChange(attribute),
        todo: "Make sure that the tests ran with it.",
      })),
    ],
    explains: [...packages, ...runtimes].map(({ path }) => path),
  };
};
