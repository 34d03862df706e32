import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LeadSource } from "../../../local/senders/leads.ts";
import { madeUpLeads } from "../../helpers/made-up-leads.ts";

const leads = suite("the CRM's made-up leads");

leads("are the same for the same seed, and others for another", () => {
  const first = (seed: number) => new LeadSource(seed).next();
  assert.equal(first(7), first(7));
  assert.not.equal(first(7), first(8));
});

leads("are odd and none the less valid: every one has an email address that can be used", async () => {
  let count = 0;
  for await (const lead of madeUpLeads(2, 3000)) {
    assert.ok(lead.email, `lead ${count}: ${lead.warnings}`);
    count += 1;
  }
  assert.is(count, 3000);
});

leads.run();
