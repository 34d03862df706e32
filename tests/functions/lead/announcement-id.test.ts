import { suite } from "uvu";
import * as assert from "uvu/assert";
import { announcementId } from "../../../functions/lead/announcement-id.ts";
import { bareLead } from "../../helpers/leads.ts";

const ids = suite("announcement id");

ids("is the same in every version of the code, because the ledger remembers it for years", () => {
  assert.is(
    announcementId(bareLead({ message: "Hello" }), "sales"),
    "file-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb#sales#1f665011c1c4e24b",
  );
});

ids("does not depend on the lead's times, but on all of its content and on the destination", () => {
  const id = announcementId(bareLead(), "sales");
  const times = { receivedAt: "2020-01-01T00:00:00.000Z", enrichedAt: "2020-01-02T00:00:00.000Z" };
  assert.is(announcementId(bareLead(times), "sales"), id);
  assert.is.not(announcementId(bareLead({ unreadFields: 7 }), "sales"), id);
  assert.is.not(announcementId(bareLead(), "dach"), id);
});

ids.run();
