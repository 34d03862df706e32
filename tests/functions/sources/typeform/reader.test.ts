import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readLead } from "../../../../functions/sources/typeform/reader.ts";
import { answersIn, readingOf, textsIn } from "../../../helpers/reading.ts";
import { response } from "./payload.ts";

const typeform = suite("typeform reader");

/** A response with one question and its answer. */
const asked = (title: string, answer: object, type = "short_text") => {
  const { form_response } = response;
  const definition = { fields: [{ id: "q1", ref: "r1", title, type }] };
  const answers = [{ ...answer, field: { id: "q1", ref: "r1", type } }];
  return readingOf(readLead, { ...response, form_response: { ...form_response, definition, answers, hidden: {} } });
};

typeform("reads the documented example, and leaves nothing unread", () => {
  const reading = readingOf(readLead, response);
  assert.equal(textsIn(reading), {
    crmId: "a3a12ec67a1365927098a606107fac15",
    utmSource: "newsletter",
    utmCampaign: "spring",
    firstName: "Jane",
    lastName: "Roe",
    email: "jane.roe@acme.example",
    phone: "+442079460123",
    employees: "250",
  });
  assert.equal(answersIn(reading), [
    ["Which product are you interested in?", "Analytics"],
    ["May we write to you about news?", "yes"],
  ]);
  assert.equal([reading.unread, reading.warnings], [[], []]);
  assert.is(reading.fields.email?.[0].path, "form_response.answers[2].email");
});

typeform("knows a question by its title, whatever its reference is", () => {
  assert.equal(textsIn(asked("Which company do you work for?", { type: "text", text: "Acme" })).company, "Acme");
  assert.equal(textsIn(asked("*Vorname*", { type: "text", text: "Jane" })).firstName, "Jane");
});

for (const [what, answer, shown] of [
  ["several choices", { type: "choices", choices: { ids: ["1", "2"], labels: ["A", "B"], refs: ["x", "y"] } }, "A, B"],
  ["a choice of their own", { type: "choice", choice: { other: "Something else" } }, "Something else"],
  ["chosen and other ones", { type: "choices", choices: { labels: ["A"], other: "B" } }, "A, B"],
  ["a number", { type: "number", number: 0 }, "0"],
  ["a date", { type: "date", date: "2026-03-01" }, "2026-03-01"],
  ["a yes or no", { type: "boolean", boolean: false }, "no"],
] as const) {
  typeform(`shows ${what} with the question, without what the form puts into it`, () => {
    const { answers } = asked("{{field:01F}}, *which* one?", answer);
    assert.equal(answersIn({ answers }), [["…, which one?", shown]]);
  });
}

typeform("reads a response without a definition by the questions' references", () => {
  const answers = [{ type: "text", text: "Acme", field: { id: "q1", ref: "company", type: "short_text" } }];
  assert.equal(textsIn(readingOf(readLead, { form_response: { answers } })), { company: "Acme" });
});

typeform("takes a hidden source for the origin, and no name on a card for an answer", () => {
  const payment = { type: "payment", payment: { amount: "10", last4: "1234", name: "J ROE" }, field: { id: "q1" } };
  const email = { type: "email", email: "jane@acme.example", field: { id: "e", type: "email" } };
  const reading = readingOf(readLead, { form_response: { hidden: { source: "Fair" }, answers: [payment, email] } });
  assert.equal([textsIn(reading), reading.answers], [{ origin: "Fair", email: "jane@acme.example" }, []]);
});

typeform("reads any JSON", () => {
  for (const form_response of [null, 1, [], { definition: [], answers: [1] }, { definition: { fields: [null, 1] } }]) {
    readingOf(readLead, { form_response });
  }
});

typeform.run();
