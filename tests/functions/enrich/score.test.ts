import { suite } from "uvu";
import * as assert from "uvu/assert";
import { score } from "../../../functions/enrich/score.ts";

const ownMailbox = { address: "ada@acme.example", domain: "acme.example", freeMail: false, disposable: false };
const freeMailbox = { ...ownMailbox, freeMail: true };
const phone = { e164: "+4930123456" };

const scoring = suite("score");

for (const [what, lead, points] of [
  ["nothing", {}, 0],
  ["a company's mailbox", { email: ownMailbox }, 30],
  ["a free mailbox", { email: freeMailbox }, 0],
  ["a phone number", { phone }, 0],
  ["a free mailbox and a phone number", { email: freeMailbox, phone }, 15],
  ["a company's name", { company: { name: "Acme" } }, 15],
  ["a company's domain", { company: { domain: "acme.example" } }, 15],
  ["a company's name and domain", { company: { name: "Acme", domain: "acme.example" } }, 15],
  ["a job title", { jobTitle: "CTO" }, 10],
  ["a message", { message: "Hello" }, 10],
  [
    "everything",
    {
      email: ownMailbox,
      phone,
      company: { name: "Acme", employees: 1000 },
      jobTitle: "CTO",
      message: "Hello",
    },
    100,
  ],
  [
    "everything with a disposable mailbox",
    {
      email: { ...ownMailbox, disposable: true },
      phone,
      company: { name: "Acme", employees: 1000 },
      jobTitle: "CTO",
      message: "Hello",
    },
    0,
  ],
] as const) {
  scoring(`${what} gives ${points} points`, () => assert.is(score(lead).points, points));
}

for (const [employees, points] of [
  [0, 0],
  [9, 0],
  [10, 10],
  [99, 10],
  [100, 15],
  [999, 15],
  [1000, 20],
  [99_999_999, 20],
] as const) {
  scoring(`a company of ${employees} people gives ${points} points`, () => {
    assert.is(score({ company: { employees } }).points, points);
  });
}

scoring("says in words what the points are for", () => {
  assert.equal(
    score({ email: ownMailbox, phone, company: { name: "Acme", employees: 250 }, jobTitle: "CTO" }).reasons,
    ["company email address", "email and phone", "company known", "100 people or more", "job title"],
  );
  assert.equal(score({ phone }).reasons, []);
  assert.equal(score({ email: { ...ownMailbox, disposable: true }, phone }).reasons, ["throw-away email address"]);
});

scoring.run();
