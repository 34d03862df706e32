import type { Program } from "../../command-line/program.ts";
import type { OpsPorts } from "./command.ts";
import { listDeadLetters } from "./dead-letters-list.ts";
import { redriveDeadLetters } from "./dead-letters-redrive.ts";
import { requestProduction } from "./email-request-production.ts";
import { emailStatus } from "./email-status.ts";
import { unsuppress } from "./email-unsuppress.ts";
import { erase } from "./erase.ts";
import { lead } from "./lead.ts";
import { reconcile } from "./reconcile.ts";
import { reindex } from "./reindex.ts";
import { replay } from "./replay.ts";
import { reviewPlan } from "./review.ts";
import { simulateSettings } from "./simulate.ts";
import { smoke } from "./smoke.ts";

/** The operator's commands. */
export const ops: Program<OpsPorts> = {
  name: "npm run ops --",
  summary: "Works on a deployed pipeline, with the credentials of the AWS CLI; AWS_PROFILE chooses among them.",
  groups: {
    "dead-letters": "Messages that a queue's function could not process.",
    email: "Email through SES, the way out when Slack fails.",
  },
  commands: [
    smoke,
    lead,
    erase,
    listDeadLetters,
    redriveDeadLetters,
    replay,
    reconcile,
    reindex,
    emailStatus,
    requestProduction,
    unsuppress,
    reviewPlan,
    simulateSettings,
  ],
};
