import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { OwnSettings } from "../../environments/environment.ts";
import { policyDocument } from "../../modules/policy.ts";
import { functionsBoundary } from "../../stacks/ci/statements.ts";
import { redshift } from "../../stacks/consumers/redshift.ts";
import { filled, may, policyOf } from "../helpers/iam.ts";
import { ref, type SynthesizedStack } from "../helpers/synth.ts";
import { plain, stackOf, unusual } from "../helpers/unusual-environment.ts";

type Settings = OwnSettings["redshift"];
const synthesized = async (environment: typeof plain, settings: Settings): Promise<SynthesizedStack> =>
  stackOf(environment, { consumers: [{ name: "redshift", alarms: [], create: await redshift.prepare(settings) }] });

const stack = await synthesized(plain, { databaseUsers: ["warehouse/loader"] });
const limited = await synthesized(
  { ...unusual, permissionsBoundary: true },
  { databaseUsers: ["serverless-222233334444-abc/IAMR:loader", "warehouse/a.b"] },
);

const consumer = suite("stacks :: redshift");

consumer("adds a role and nothing that runs, and changes nothing", () => {
  const base = stackOf(plain);
  assert.equal(
    stack.addresses.filter((address) => !base.addresses.includes(address)),
    ["aws_iam_role.redshift_copy", "aws_iam_role_policy.redshift_copy_policy"],
  );
  const changed = base.addresses.filter(
    (address) => JSON.stringify(base.settings(address)) !== JSON.stringify(stack.settings(address)),
  );
  assert.equal(changed, []);
});

const trusted = (of: SynthesizedStack) =>
  JSON.parse(String(of.settings("aws_iam_role.redshift_copy").assume_role_policy)).Statement;

consumer("lets Redshift assume the role for the database users of the setting, and for nobody else", () => {
  const statement = (users: string[]) => [
    {
      Sid: "Assume",
      Effect: "Allow",
      Principal: { Service: ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"] },
      Action: ["sts:AssumeRole"],
      Condition: { StringEquals: { "sts:ExternalId": users } },
    },
  ];
  assert.equal(trusted(stack), statement(["arn:aws:redshift:eu-west-1:333344445555:dbuser:warehouse/loader"]));
  const account = "arn:aws:redshift:eu-west-1:222233334444:dbuser";
  assert.equal(
    trusted(limited),
    statement([`${account}:serverless-222233334444-abc/IAMR:loader`, `${account}:warehouse/a.b`]),
  );
});

consumer("has the path and the limit of the functions' roles", () => {
  const { permissions_boundary, path, name } = limited.settings("aws_iam_role.redshift_copy");
  assert.equal(
    [permissions_boundary, path, name],
    ["arn:aws:iam::222233334444:policy/leadwire-dev-functions-boundary", "/platform/", "leadwire-dev-redshift-copy"],
  );
});

consumer("has its permissions in the role that the output names", () => {
  const { policy: _, ...settings } = stack.settings("aws_iam_role_policy.redshift_copy_policy");
  assert.equal(settings, { name: "leadwire-dev-redshift-copy", role: ref("aws_iam_role.redshift_copy.name") });
  assert.is(stack.file.output.redshift_copy_role_arn?.value, ref("aws_iam_role.redshift_copy.arn"));
});

consumer("may list and read the objects of both tables, within the limit too, and nothing else", () => {
  const place = { environmentName: "dev", prefix: "leadwire-dev", accountId: plain.accountId, region: plain.region };
  const values = (type: string) =>
    filled(stack)
      .of(type)
      .find(({ address }) => address.startsWith(`${type}.redshift_copy`))?.values;
  const role = {
    arn: String(values("aws_iam_role")?.arn),
    policies: [policyOf(values("aws_iam_role_policy")?.policy)],
    boundary: policyOf(policyDocument(functionsBoundary(place))),
  };
  const bucket = "arn:aws:s3:::leadwire-dev-leads-333344445555";
  const object = `${bucket}/enriched/dt=2026-11-27/crm-1.json`;
  for (const prefix of ["enriched/dt=2026-11-27/", "outcomes/dt=2026-11-27/"]) {
    assert.ok(may(role, "s3:ListBucket", bucket, { "s3:prefix": prefix }));
    assert.ok(may(role, "s3:GetObject", `${bucket}/${prefix}1.json`));
  }
  for (const prefix of ["", "fetched/", "crm-"]) {
    assert.not(may(role, "s3:ListBucket", bucket, { "s3:prefix": prefix }));
    assert.not(may(role, "s3:GetObject", `${bucket}/${prefix}1.json`));
  }
  assert.not(may(role, "s3:ListBucket", bucket));
  for (const action of ["s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"])
    assert.not(may(role, action, object));
});

consumer.run();
