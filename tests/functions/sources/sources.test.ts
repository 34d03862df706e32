import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SettingRule, SettingValues, SourceDeclaration } from "../../../functions/sources/declaration.ts";
import { readLead } from "../../../functions/sources/general-reader.ts";
import { readerOf, type SourceFormat, type SourceSettings, sourceFormats } from "../../../functions/sources/index.ts";
import { settingsParameter } from "../../../functions/sources/settings.ts";
import { senders } from "../../../local/senders/index.ts";
import { readingOf, readingWith, textsIn } from "../../helpers/reading.ts";

const sources = suite("sources");

for (const [format, declaration] of Object.entries<SourceDeclaration>(sourceFormats)) {
  sources(`${format} declares a door, a reader, secrets and settings that are complete`, async () => {
    const [{ door }, reader] = await Promise.all([declaration.door(), declaration.reader()]);
    assert.equal([typeof door.verify, typeof door.split, typeof reader.readLead], ["function", "function", "function"]);
    const secrets = [...declaration.secrets, ...(declaration.fetch?.secrets ?? [])];
    for (const secret of secrets) assert.match(secret, /^[a-z][a-z0-9-]*$/);
    assert.is(new Set(secrets).size, secrets.length);
    assert.not.ok(secrets.includes(settingsParameter), "its parameter holds the settings");
    // GetParameters takes ten names, of which the settings are one.
    assert.ok(declaration.secrets.length <= 9 && (declaration.fetch?.secrets.length ?? 0) <= 9);
    assert.is(typeof door.challenge, declaration.answersGet ? "function" : "undefined");
    if (declaration.fetch) assert.type((await declaration.fetch.load()).fetchRecord, "function");
    for (const rule of Object.values<SettingRule>(declaration.settings)) {
      assert.match(rule.reason, /\.$/);
      if (rule.default === undefined) continue;
      assert.is(typeof rule.default, rule.type);
      assert.ok((rule.check as (value: unknown) => boolean)(rule.default));
    }
  });
}

for (const format of Object.keys(sourceFormats)) {
  sources(
    `${format} has a page for who connects it, which names its secrets, settings and their defaults, and a sender`,
    () => {
      const page = readFileSync(new URL(`../../../docs/sources/${format}.md`, import.meta.url), "utf8");
      const { secrets, fetch, settings }: SourceDeclaration = sourceFormats[format as SourceFormat];
      const parameters = [...secrets, ...(fetch?.secrets ?? [])].map((name) => `/leadwire/ENV/sources/NAME/${name}`);
      for (const name of parameters) assert.match(page, name);
      for (const [name, { default: standard = "" }] of Object.entries<SettingRule>(settings)) {
        const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\` |`)) ?? "";
        const written = [` ${standard} `, `\`${standard}\``].some((text) => row.includes(text));
        assert.ok(row !== "" && (standard === "" || written), `${name}: ${standard}`);
      }
      const { body, request, delivery } = senders[format as SourceFormat];
      assert.equal([typeof body, typeof request, typeof delivery], ["function", "function", "object"]);
    },
  );
}

sources("standard-webhooks keeps its secret where it has been since the first version", () => {
  assert.equal(sourceFormats["standard-webhooks"].secrets, ["signing-secret"]);
});

sources("records are fetched with as many requests at a time as each vendor allows", () => {
  const fetched = Object.entries<SourceDeclaration>(sourceFormats).filter(([, { fetch }]) => fetch);
  assert.equal(Object.fromEntries(fetched.map(([format, { fetch }]) => [format, fetch?.concurrency])), {
    hubspot: 4,
    "meta-lead-ads": 5,
    pipedrive: 4,
  });
});

sources("the general reader reads leads without a format and leads of an unknown one", async () => {
  for (const format of [undefined, "", "nonsense", "__proto__", "toString"]) {
    assert.is(await readerOf(format), readLead, String(format));
  }
  assert.is(await readerOf("standard-webhooks"), readLead);
});

sources("each format has its own reader, which is loaded only for its leads", async () => {
  const loaded: string[] = [];
  const format = (name: string): SourceDeclaration => ({
    ...sourceFormats["standard-webhooks"],
    reader: async () => {
      loaded.push(name);
      return { readLead: () => readingWith({ origin: name }) };
    },
  });
  const formats = { one: format("one"), other: format("other") };
  assert.equal([textsIn(readingOf(await readerOf("one", formats), {})), loaded], [{ origin: "one" }, ["one"]]);
  assert.equal(textsIn(readingOf(await readerOf("other", formats), {})), { origin: "other" });
});

sources("a source's type asks for its format's settings, and lets those with a default be left out", () => {
  const settings = {
    publicUrl: { type: "string", bound: "an https address", reason: "It is signed.", check: (url) => url.length > 8 },
    testLeads: { type: "boolean", bound: "true or false", reason: "Tests.", check: () => true, default: false },
  } as const satisfies SourceDeclaration["settings"];
  const values: SettingValues<typeof settings>[] = [
    { publicUrl: "https://leads.example.com" },
    { publicUrl: "https://leads.example.com", testLeads: true },
    // @ts-expect-error the address is missing
    { testLeads: true },
    // @ts-expect-error the address is a text
    { publicUrl: 7 },
  ];
  // @ts-expect-error there is no such format
  const format: SourceFormat = "nonsense";
  // @ts-expect-error the format has no such setting
  const source: SourceSettings = { format: "standard-webhooks", publicUrl: "https://leads.example.com" };
  assert.equal([values.length, format, source.format], [4, "nonsense", "standard-webhooks"]);
});

sources.run();
