import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Scored, score } from "../../../functions/enrich/score.ts";
import type { EnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import { bareLead, enrichedLead } from "../../helpers/leads.ts";

const company = { name: "Acme", domain: "acme.example" };
const mailbox = (changes: object = {}) => ({
  address: "a@acme.example",
  domain: "acme.example",
  freeMail: false,
  disposable: false,
  ...changes,
});

const scoreOf = (lead: EnrichedLead) => score({ ...nothing, ...(lead as Partial<Scored>) });
const nothing: Scored = {
  email: undefined,
  phone: undefined,
  company: undefined,
  jobTitle: undefined,
  message: undefined,
};

const scoring = suite("score");

scoring("lies between 0 and 100", () => {
  assert.is(scoreOf(bareLead()), 0);
  assert.is(scoreOf(enrichedLead({ company: { ...company, employees: 1_000_000 } })), 100);
});

scoring("is higher for a company's mailbox than for a free one, and 0 for a throw-away one", () => {
  assert.is(scoreOf(enrichedLead({ email: mailbox({ disposable: true }) })), 0);
  assert.ok(scoreOf(enrichedLead()) > scoreOf(enrichedLead({ email: mailbox({ freeMail: true }) })));
});

scoring("grows with the company", () => {
  const scores = [5, 50, 500, 5000].map((employees) => scoreOf(enrichedLead({ company: { ...company, employees } })));
  assert.equal(
    scores,
    [...scores].sort((a, b) => a - b),
  );
  assert.is(new Set(scores).size, 4);
});

scoring.run();
