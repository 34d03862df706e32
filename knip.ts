import type { KnipConfig } from "knip";

/** `knip --production` looks for code that only tests, benchmarks and scripts use. */
const production = process.argv.includes("--production");

/** Programs of the product. A `!` marks what `--production` looks at. */
const programs = [
  "main.ts!",
  "local/main.ts!",
  "local/faults/main.ts!",
  "local/send/main.ts!",
  "local/logs/main.ts!",
  "local/dev/main.ts!",
  "try/main.ts!",
  "analytics/main.ts!",
  "analytics/report/main.ts!",
  "ops/cli.ts!",
  "deploy/main.ts!",
  "deploy/github/main.ts!",
];

const config: KnipConfig = {
  // A test may use an export that its own file uses too.
  ignoreExportsUsedInFile: production,
  // Node runs the npm scripts, and cdktf is called by hand (README.md, "Deploy an environment").
  ignoreDependencies: ["node", "cdktf-cli"],
  workspaces: {
    ".": {
      entry: [
        ...programs,
        // Stages and consumers.
        "functions/!(sources)/index.ts!",
        // Sources take the verifiers that they need, and what fetches a record.
        "functions/sources/{verify/*,fetch-record}.ts!",
        // Found by the names of the source formats.
        "local/{apis,senders}/!(index|leads|record-id|sample-lead|sender|simulated-api).ts!",
        // Bundled in place of a package's module.
        "modules/build/matches-entirely.ts!",
        // Bundled for browsers by its path.
        "local/console/client/main.tsx!",
        // Benchmarks start these as processes of their own.
        "bench/shared/{canned-aws,crash-worker,floor-stack,floor-calls,reconcile-worker}.ts",
        // The runner starts them by their paths; other scripts are entries because package.json names them.
        "scripts/{test-worker.ts,lint-workflows.mjs}",
        "{tests,tests-browser}/**/*.test.ts",
        // Tests of deploy load them into processes of their own.
        "tests/helpers/{own-accounts,small-bundles}.ts",
      ],
      project: [
        "**/*.{ts,tsx}!",
        "!{bench,scripts,tests,tests-browser}/**!",
        "!simulator/{audit,lead-index,plan,simulate,services/hubspot}.ts!",
        "!knip.ts!",
      ],
    },
    "packages/*": {
      entry: ["src/index.ts!", "example.ts", "{compare,scripts}/main.ts", "tests/**/*.test.ts"],
      project: ["**/*.ts!", "!{compare,scripts,tests}/**!", "!example.ts!"],
    },
  },
};

export default config;
