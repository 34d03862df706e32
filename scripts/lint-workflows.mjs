// Lints the workflows and actions of .github/ with the language service of GitHub's own editors: keys, permissions, expressions, jobs.
import { globSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

// Its packages import JSON without the attribute that Node asks for, because they are made for bundlers.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return resolved.url.endsWith(".json") ? { ...resolved, importAttributes: { type: "json" } } : resolved;
  },
});
const { validate } = await import("@actions/languageservice");
const { TextDocument } = await import("vscode-languageserver-textdocument");

const files = process.argv.length > 2 ? process.argv.slice(2) : globSync(".github/{workflows,actions/*}/*.yml").sort();
for (const file of files) {
  const document = TextDocument.create(pathToFileURL(file).href, "yaml", 1, readFileSync(file, "utf8"));
  for (const { range, message } of await validate(document)) {
    console.log(`${file}:${range.start.line + 1} ${message}`);
    process.exitCode = 1;
  }
}
console.log(`Looked at ${files.length} files.`);
