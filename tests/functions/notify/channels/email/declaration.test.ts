import { suite } from "uvu";
import * as assert from "uvu/assert";
import { emailBudget, emailDeclaration } from "../../../../../functions/notify/channels/email/declaration.ts";

const declaration = suite("notify :: email :: declaration");
declaration(
  "two seconds to ask whether anybody can be reached, four to send, no limit of the rate, and not for 30 s after three failures",
  () => {
    assert.equal(emailBudget, { reachabilitySeconds: 2, sendSeconds: 4 });
    const { alarms: _, ...settings } = emailDeclaration;
    assert.equal(settings, {
      name: "email",
      title: "email",
      capacity: 50,
      budgetSeconds: 6,
      retryDelayMilliseconds: 500,
      circuitBreaker: { failures: 3, openSeconds: 30 },
      variables: { EMAIL_SENDER: "text", EMAIL_RECIPIENTS: "json", EMAIL_CONFIGURATION_SET: "text" },
      failureMetric: "EmailFailures",
    });
  },
);
declaration("only leads that nobody gets wake somebody, and an address that bounced alarms once an hour", () => {
  const ses = { countedBy: "ses", evaluationMinutes: 60 };
  assert.equal(
    emailDeclaration.alarms.map(({ meaning: _, firstStep: __, ...alarm }) => alarm),
    [
      {
        name: "email-failures",
        metric: "EmailFailures",
        countedBy: "notify",
        evaluationMinutes: 5,
        severity: "email",
      },
      { name: "email-bounces", metric: "Bounce", ...ses, severity: "email" },
      { name: "email-complaints", metric: "Complaint", ...ses, severity: "email" },
      { name: "email-rejects", metric: "Reject", ...ses, severity: "page" },
    ],
  );
});
declaration.run();
