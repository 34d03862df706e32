import { suite } from "uvu";
import * as assert from "uvu/assert";
import { domainKind } from "../../../functions/enrich/email-domains.ts";
import { enrichLead } from "../../../functions/enrich/enrich-lead.ts";
import { readLead } from "../../../functions/sources/general-reader.ts";
import { LeadSource } from "../../../local/senders/leads.ts";
import { readingOf } from "../../helpers/reading.ts";

const leads = suite("the CRM's made-up leads");

leads("are the same for the same seed, and others for another", () => {
  const first = (seed: number) => new LeadSource(seed).next();
  assert.equal(first(7), first(7));
  assert.not.equal(first(7), first(8));
});

leads("are odd and none the less valid: every one has an email address that can be used", async () => {
  const source = new LeadSource(2);
  const provenance = {
    id: `file-${"a".repeat(32)}`,
    source: "file",
    receivedAt: new Date(0),
    enrichedAt: new Date(0),
    defaultCountry: undefined,
  };
  for (let count = 0; count < 3000; count += 1) {
    const lead = await enrichLead(readingOf(readLead, { ...source.next() }), provenance, domainKind);
    assert.ok(lead.email, `lead ${count}: ${lead.warnings}`);
  }
});

leads.run();
