import { LeadwireError } from "../errors.ts";

/** Something that whoever deploys can mend. The message says what to do. */
export class DeployError extends LeadwireError<
  "NoTerraform" | "TerraformFailed" | "Interrupted" | "NoPlan" | "SourcesChanged" | "PlaceholderAccount"
> {}
