import { optional, required, text } from "../../command-line/options.ts";
import { enrichedPrefix } from "../../flow.ts";
import { createReplay } from "../replay.ts";
import { pipelineCommand } from "./command.ts";

/** Sends a stored lead to its stage again. Throws OpsError NotALeadsKey, NoSuchObject. */
export const replay = pipelineCommand({
  name: "replay",
  summary: "Sends a stored lead through the pipeline again; what was announced is not announced again.",
  options: {
    key: required(
      `Key of the object in the leads bucket: raw at its root, enriched below ${enrichedPrefix}.`,
      text("key", "an object key"),
      "website-0123456789abcdef0123456789abcdef.json",
    ),
    version: optional(
      "Id of the version, for a file that was overwritten since. Without it, the current version.",
      text("version", "the id of a version"),
      "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY",
    ),
  },
  async run({ outputs, key, version }, { s3, sqs, print }) {
    const pipeline = outputs();
    const { region } = pipeline;
    print(`sent to ${await createReplay(pipeline, s3(region), sqs(region))(key, version)}`);
    return 0;
  },
});
