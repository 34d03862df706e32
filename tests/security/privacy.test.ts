import { suite } from "uvu";
import * as assert from "uvu/assert";
import { everybody, personalForms } from "./personal-data.ts";
import { type Traces, tracesOfARun } from "./privacy-run.ts";

let traces: Traces;
const privacy = suite("security :: privacy");
privacy.before(async () => {
  traces = await tracesOfARun();
});

const forms = everybody.flatMap(personalForms);
const places = [
  "the functions' logs, metrics and platform records",
  "the API's answers",
  "the attributes of dead letters",
  "the operator's list of dead letters",
  "the ledger",
  "outcomes",
  "the keys that the functions made",
  "mails about alarms",
] as const;
for (const place of places) {
  privacy(`${place} show no name, email or phone of anybody, in no form, and no secret`, () => {
    const text = traces.places.get(place) ?? "";
    assert.ok(text.length > 100, `there is something in ${place}`);
    const found = [
      ...forms.filter((form) => text.toLowerCase().includes(form)),
      ...traces.secrets.filter((secret) => text.includes(secret)),
    ];
    assert.equal(found, []);
  });
}

privacy("everything failed that was to fail, so the logs had every occasion to show something", () => {
  const logs = traces.places.get("the functions' logs, metrics and platform records") ?? "";
  for (const told of [
    "request not accepted",
    "lead rejected",
    "message postponed",
    "attempt failed",
    "ledger not updated",
    "Slack did not take the leads",
    "neither Slack nor email took the leads",
  ]) {
    assert.match(logs, told);
  }
});

privacy("the secrets that are looked for are all there are", () => {
  assert.is(traces.secrets.length, 8);
  assert.ok(traces.secrets.every((secret) => secret.length > 30));
});

privacy("the search finds a person where there is one, in any form", () => {
  for (const [text, index] of [
    ["… wilhelmina.quastenberg@quastenberg.example …", 0],
    ["tel:+493088776655", 0],
    ["/n%C3%B6/J%C3%96RG%20%C3%84PFELST%C3%84DT", 2],
    [Buffer.from("نور الزهراني").toString("base64"), 1],
  ] as const) {
    const person = everybody[index];
    assert.ok(person && personalForms(person).some((form) => text.toLowerCase().includes(form)), text);
  }
});

privacy.run();
