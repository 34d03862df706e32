/** The floor of a synthesis: one stack with one bucket, and the bundles of the functions. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { App, TerraformStack } from "cdktf";
import { stageNames } from "../../flow.ts";
import { bundleFunction } from "../../modules/build/bundle.ts";

await Promise.all(stageNames.map((name) => bundleFunction(`functions/${name}/index.ts`)));
const app = new App({ outdir: process.env.CDKTF_OUTDIR ?? "cdktf.out", stackTraces: false });
const stack = new TerraformStack(app, "floor");
new AwsProvider(stack, "aws", { region: "us-east-1" });
new S3Bucket(stack, "bucket", { bucket: "floor" });
app.synth();
