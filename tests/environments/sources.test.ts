import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ValidationError } from "yup";
import { sourcesSchema } from "../../environments/schema/sources.ts";
import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import { withDefaults } from "../../stacks/stages/sources.ts";

/** A format with a setting of each type, the last one with a default. */
const settings = {
  publicUrl: { type: "string", bound: "a URL", reason: "R.", check: (url: string) => url.startsWith("https://") },
  tolerance: { type: "number", bound: "from 1", reason: "R.", check: (seconds: number) => seconds >= 1 },
  testLeads: { type: "boolean", bound: "true", reason: "R.", check: (value: boolean) => value, default: true },
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
  assert.equal(broken({ ...rich, testLeads: true }), []);
  assert.equal(broken({ format: "plain", tolerance: 5 }), ["crm: noUnknown"]);
});
sources("are required unless they have a default", () => {
  assert.equal(broken({ format: "rich" }), ["crm.publicUrl: optionality", "crm.tolerance: optionality"]);
});
sources("have the type and the bound that the format declares", () => {
  assert.equal(broken({ ...rich, publicUrl: "http://example.com" }), ["crm.publicUrl: a URL"]);
  assert.equal(broken({ ...rich, tolerance: 0 }), ["crm.tolerance: from 1"]);
  assert.equal(broken({ ...rich, testLeads: false }), ["crm.testLeads: true"]);
  assert.ok(broken({ ...rich, tolerance: "5" }).includes("crm.tolerance: typeError"));
});
sources("of an unknown format are refused, with the formats that exist", () => {
  assert.equal(broken({ format: "fax" }), ['crm.format: "plain" or "rich"']);
  assert.equal(broken({ format: "constructor" }), ['crm.format: "plain" or "rich"']);
});
sources("that are left out reach ingest as their defaults, and those that are set as they are", () => {
  assert.equal(withDefaults(settings, rich), { ...rich, testLeads: true });
  assert.equal(withDefaults(settings, { ...rich, testLeads: false }), { ...rich, testLeads: false });
});
sources.run();
