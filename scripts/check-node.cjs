// Every npm script loads this first, with whatever Node is there: old syntax and no dependencies.
"use strict";

const needed = 24;

/**
 * Returns what to do about a Node that is too old, or undefined if it is new enough.
 * @param {string} version such as 20.19.0
 * @returns {string | undefined}
 */
function adviceFor(version) {
  if (Number(version.split(".")[0]) >= needed) return undefined;
  return [
    `Leadwire runs on Node ${needed}, and this is Node ${version}.`,
    `The npm package "node" brings Node ${needed}, but its install script did not run (npm ci --ignore-scripts).`,
    "Run: npm ci --ignore-scripts=false",
    `Or put Node ${needed} on this machine's PATH.`,
  ].join("\n");
}

const advice = adviceFor(process.versions.node);
if (advice !== undefined) {
  console.error(advice);
  process.exit(1);
}

// Keeps compiled modules, so that the next program starts in half the time. They are not in the system's folder for temporary
// files, where others could put theirs. Without the right to write, Node does without.
require("node:module").enableCompileCache(
  require("node:path").join(__dirname, "../node_modules/.cache/node-compile-cache"),
);

module.exports = { adviceFor };
