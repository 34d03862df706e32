import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ValidationError } from "yup";
import { checkEnvironments } from "../../environments/check.ts";
import { environments } from "../../environments/index.ts";
import { commonSettings, sourcesSchema } from "../../environments/schema/sources.ts";
import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import { filledSettings, settingsText } from "../../functions/sources/settings.ts";

/** A format with a setting of each type, the last one with a default. */
const settings = {
  publicUrl: { type: "string", bound: "a URL", reason: "R.", check: (url: string) => url.startsWith("https://") },
  tolerance: { type: "number", bound: "from 1", reason: "R.", check: (seconds: number) => seconds >= 1 },
  strict: { type: "boolean", bound: "true", reason: "R.", check: (value: boolean) => value, default: true },
} as const satisfies SourceDeclaration["settings"];
const plain = sourceFormats["standard-webhooks"];
const formats = { plain, rich: { ...plain, settings } };

/** Path and bound of each rule that the only source, `crm`, breaks. */
function broken(source: object): string[] {
  try {
    sourcesSchema(formats).validateSync({ crm: source }, { strict: true, abortEarly: false });
    return [];
  } catch (error) {
    assert.instance(error, ValidationError);
    const { inner, ...own } = error as ValidationError;
    const errors = inner.length > 0 ? inner : [own];
    return errors.map(({ path, params, type }) => `${path}: ${params?.bound ?? type}`).sort();
  }
}
const rich = { format: "rich", publicUrl: "https://example.com", tolerance: 5 };

const sources = suite("environments :: source settings");
sources("are those of the source's format", () => {
  assert.equal(broken({ format: "plain" }), []);
  assert.equal(broken(rich), []);
  assert.equal(broken({ ...rich, strict: true }), []);
  assert.equal(broken({ format: "plain", tolerance: 5 }), ["crm: noUnknown"]);
});
sources("are required unless they have a default", () => {
  assert.equal(broken({ format: "rich" }), ["crm.publicUrl: optionality", "crm.tolerance: optionality"]);
});
sources("have the type and the bound that the format declares", () => {
  assert.equal(broken({ ...rich, publicUrl: "http://example.com" }), ["crm.publicUrl: a URL"]);
  assert.equal(broken({ ...rich, tolerance: 0 }), ["crm.tolerance: from 1"]);
  assert.equal(broken({ ...rich, strict: false }), ["crm.strict: true"]);
  assert.ok(broken({ ...rich, tolerance: "5" }).includes("crm.tolerance: typeError"));
});
sources("of an unknown format are refused, with the formats that exist", () => {
  assert.equal(broken({ format: "fax" }), ['crm.format: "plain" or "rich"']);
  assert.equal(broken({ format: "constructor" }), ['crm.format: "plain" or "rich"']);
});
const common = (changes: object) => broken({ format: "plain", ...changes }).map((one) => one.split(":")[0]);
sources("of every format may name fields of the leads, each by a name or a path", () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, "a"]));
  const longest = { ["x".repeat(150)]: "x".repeat(200) };
  for (const fields of [{}, { email: "Mail", "Your budget?": "form.a[0].b" }, longest, many(50)])
    assert.equal(common({ fields }), []);
  const bad = [[], "a", null, { "": "a" }, { a: "" }, { a: 1 }, { a: "b\nc" }, { a: " b" }, { a: "x".repeat(201) }];
  const misspelled = [{ Email: "a" }, { e_mail: "a" }, { "first name": "a" }];
  for (const fields of [...bad, ...misspelled, { ["x".repeat(151)]: "a" }, many(51)]) {
    assert.equal(common({ fields }), ["crm.fields"], JSON.stringify(fields));
  }
});
sources("of every format may name the CRM's hosts, and none that anybody can have", () => {
  for (const crmHosts of [[], ["app.example.com", ".crm.example.com"], Array(20).fill("a.example.com")])
    assert.equal(common({ crmHosts }), []);
  const bad = [
    "app.example.com",
    ["*.example.com"],
    ["https://example.com"],
    ["Example.com"],
    ["example.c"],
    ["com"],
    [".com"],
    [".co.uk"],
  ];
  for (const crmHosts of [...bad, ["example.com:443"], ["a..example.com"], Array(21).fill("a.example.com")]) {
    assert.equal(common({ crmHosts }), ["crm.crmHosts"], JSON.stringify(crmHosts));
  }
});
sources("of every format may have throttling of their own, in the range of the API's", () => {
  for (const [requestsPerSecond, burst] of [
    [1, 1],
    [10_000, 5000],
  ]) {
    assert.equal(common({ throttling: { requestsPerSecond, burst } }), []);
  }
  for (const bad of [{ burst: 0 }, { burst: 5001 }, { burst: 1.5 }]) {
    assert.equal(common({ throttling: { requestsPerSecond: 1, ...bad } }), ["crm.throttling.burst"]);
  }
  for (const requestsPerSecond of [0, 10_001, undefined]) {
    assert.equal(common({ throttling: { requestsPerSecond, burst: 1 } }), ["crm.throttling.requestsPerSecond"]);
  }
  assert.equal(common({ throttling: { requestsPerSecond: 1, burst: 1, rate: 1 } }), ["crm.throttling"]);
  assert.equal(common({ throttling: null }), ["crm.throttling"]);
});
sources("of every format may say what becomes of test leads, and the source's title", () => {
  assert.equal(common({ testLeads: "ignore", title: "Web shop" }), []);
  assert.equal(common({ testLeads: "announce", title: "x".repeat(40) }), []);
  assert.equal(common({ testLeads: true, title: "x".repeat(41) }), ["crm.testLeads", "crm.title"]);
  assert.equal(common({ title: "two\nlines" }), ["crm.title"]);
});
sources("fit into an SSM parameter", () => {
  const withFields = (count: number) => {
    const fields = Array.from({ length: 20 }, (_, index) => {
      return [`Question ${index}`, "x".repeat(Math.floor((count + index) / 20))];
    });
    return { format: "standard-webhooks", fields: Object.fromEntries(fields) } as const;
  };
  const bytes = settingsText(filledSettings(sourceFormats["standard-webhooks"], withFields(0))).length;
  const check = (count: number) => () =>
    checkEnvironments({ dev: { ...environments.dev, sources: { crm: withFields(count) } } });
  assert.not.throws(check(4096 - bytes));
  assert.throws(
    check(4097 - bytes),
    /environments\.dev\.sources\.crm is .*: it must be shorter: as JSON its settings have 4097 bytes, and at most 4096/s,
  );
});
sources("have the same names in no two meanings", () => {
  for (const { settings } of Object.values(sourceFormats)) {
    assert.equal(
      Object.keys(settings).filter((name) => name in commonSettings || name === "format"),
      [],
    );
  }
});
sources("that are left out reach the functions as their defaults, and those that are set as they are", () => {
  const declaration = { ...formats.rich, crmHosts: [".crm.example.com"], title: "Rich" };
  const own = { publicUrl: "https://example.com", tolerance: 5 };
  const defaults = { fields: {}, crmHosts: [".crm.example.com"], testLeads: "announce", title: "Rich" };
  assert.equal(filledSettings(declaration, rich), { ...defaults, ...own, strict: true });
  const set = { fields: { email: "Mail" }, crmHosts: [], testLeads: "ignore", title: "Shop" } as const;
  const given = { ...rich, strict: false, ...set };
  assert.equal(filledSettings(declaration, given), { ...set, ...own, strict: false });
});
sources("are written as JSON that does not depend on their order and is no expression of Terraform or SSM", () => {
  const settings = (given: object) => settingsText(filledSettings(formats.rich, given));
  const title = `${"$"}{a} %{b} {{c}} {d}`;
  assert.is(settings({ ...rich, title }), settings({ title, tolerance: 5, publicUrl: "https://example.com" }));
  assert.not.match(settings({ ...rich, title }), /[$%]\{|\{\{/);
  assert.is(JSON.parse(settings({ ...rich, title })).title, title);
});
sources.run();
