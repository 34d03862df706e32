import { SSMClient } from "@aws-sdk/client-ssm";
import { runProgram } from "../command-line/program.ts";
import { createClient } from "../functions/runtime/clients.ts";
import { createClients } from "../ops/aws.ts";
import { apply } from "./apply.ts";
import type { DeployPorts } from "./command.ts";
import type { DoctorPorts } from "./doctor/checks.ts";
import { doctor } from "./doctor.ts";
import { placeholders } from "./placeholders.ts";
import { plan, show } from "./plan.ts";

const { CDKTF_OUTDIR: outdir = "cdktf.out", LEADWIRE_STATE_BACKEND: stateBackend = "s3" } = process.env;
const print = (line: string) => console.log(line);
const warn = (problem: unknown) => console.error(problem);

/** Exit codes are each command's own; 2 when the command, an option or a value is wrong. */
process.exitCode = await runProgram<DeployPorts & DoctorPorts>(
  {
    name: "npm run",
    summary:
      "Deploys stacks with Terraform or OpenTofu, with the credentials of the AWS CLI; AWS_PROFILE chooses among them.",
    commands: [plan, show, apply, doctor],
  },
  process.argv.slice(2),
  { print, error: warn },
  {
    ...createClients(),
    ssm: (region) => createClient(SSMClient, { milliseconds: 10_000, region }),
    fetch,
    placeholders,
    print,
    warn,
    outdir,
    lockFiles: import.meta.dirname,
    outputs: ".",
    // CDKTF takes a second to load, which a command without a synthesis does not need.
    synthesize: async (folder, name) => {
      const { synthesize } = await import("../stacks/synthesize.ts");
      const { stateBackendNamed } = await import("../stacks/state-backend.ts");
      await synthesize(folder, { stacks: [`leadwire-${name}`], stateBackend: stateBackendNamed(stateBackend) });
    },
  },
);
