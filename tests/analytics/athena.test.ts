import { json } from "node:stream/consumers";
import { AthenaClient } from "@aws-sdk/client-athena";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createAthenaClient, openAthena } from "../../analytics/athena.ts";
import { formats } from "../../analytics/output.ts";
import { environments } from "../../environments/index.ts";
import { limitsOf } from "../helpers/client-limits.ts";
import { failureOf } from "../helpers/failure.ts";
import { httpServer } from "../helpers/http-server.ts";

type Fields = Readonly<Record<string, unknown>>;
type Answers = Readonly<Record<string, (input: Fields, call: number) => Fields>>;

const consumers = { athena: { analysts: ["role/analyst"], personalData: false, gigabytesPerQuery: 20 } };
const state = (State: string, StateChangeReason?: string) => ({
  QueryExecution: { Status: { State, StateChangeReason } },
});
const refusal = (__type: string, message: string) => ({ __type, message });
const page = (
  types: Readonly<Record<string, string>>,
  rows: readonly (readonly (string | null)[])[],
  next?: string,
) => ({
  ResultSet: {
    ResultSetMetadata: { ColumnInfo: Object.entries(types).map(([Name, Type]) => ({ Name: Name.trim(), Type })) },
    Rows: rows.map((row) => ({ Data: row.map((text) => (text === null ? {} : { VarCharValue: text })) })),
  },
  NextToken: next,
});
const started = { StartQueryExecution: () => ({ QueryExecutionId: "q-1" }), StopQueryExecution: () => ({}) };
const succeeded = { ...started, GetQueryExecution: () => state("SUCCEEDED") };

/** Runs a query with an Athena that answers so. @param interruptedAt the wait, or the operation, at which Ctrl-C is pressed */
async function run(
  answers: Answers,
  { interruptedAt, hasCredentials = true }: { interruptedAt?: number | string; hasCredentials?: boolean } = {},
) {
  const calls: { readonly operation: string; readonly input: Fields }[] = [];
  const controller = new AbortController();
  await using server = await httpServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).replace("AmazonAthena.", "");
    const input = (await json(request)) as Fields;
    calls.push({ operation, input });
    if (operation === interruptedAt) controller.abort();
    const made = calls.filter((call) => call.operation === operation).length;
    const answer = answers[operation]?.(input, made) ?? refusal("InternalServerException", `no ${operation}`);
    response.writeHead("__type" in answer ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer));
  });
  const waits: number[] = [];
  let destroyed = 0;
  const credentials = hasCredentials
    ? { accessKeyId: "test", secretAccessKey: "test" }
    : () =>
        Promise.reject(
          Object.assign(new Error("Could not load credentials from any providers"), {
            name: "CredentialsProviderError",
          }),
        );
  const database = openAthena(
    "staging",
    { ...environments.staging, consumers },
    {
      client(region) {
        const client = new AthenaClient({ region, endpoint: server.url, credentials, maxAttempts: 1 });
        const destroy = client.destroy.bind(client);
        client.destroy = () => {
          destroyed += 1;
          destroy();
        };
        return client;
      },
      async wait(milliseconds, _, { signal }) {
        waits.push(milliseconds);
        if (waits.length === interruptedAt) controller.abort();
        signal.throwIfAborted();
      },
      interruption: () => controller.signal,
    },
  );
  try {
    const result = await database.query("SELECT 1").catch((error: Error) => error);
    return { result, calls, waits, operations: calls.map(({ operation }) => operation) };
  } finally {
    database.close();
    assert.is(destroyed, 1, "the client's connections are closed");
  }
}

const athena = suite("athena");

athena("gets the SQL in the environment's workgroup and database", async () => {
  const { calls } = await run({ ...succeeded, GetQueryResults: () => page({ a: "integer" }, [["a"], ["1"]]) });
  const { ClientRequestToken: _, ...input } = calls[0]?.input ?? {};
  assert.equal(input, {
    QueryString: "SELECT 1",
    WorkGroup: "leadwire-staging-athena",
    QueryExecutionContext: { Catalog: "AwsDataCatalog", Database: "leadwire_staging_athena" },
  });
});

athena("gives values their types, as DuckDB does", async () => {
  const types = {
    n: "bigint",
    ...{ n1: "tinyint", n2: "smallint", n3: "integer", d1: "float", d2: "real" },
    d: "double",
    e: "decimal",
    b: "boolean",
    b2: "boolean",
    t: "timestamp",
    t2: "timestamp",
    day: "date",
    s: "varchar",
    l: "array",
    j: "json",
    x: "double",
  };
  const row = [
    ...["5", "1", "-2", "3", "0.5", "0.75"],
    "0.25",
    "1.50",
    "true",
    "false",
    "2026-03-01 12:00:02.500",
    "2026-03-01 12:00:00.000",
    "2026-03-01",
    "05",
    "[a, b]",
    '["a"]',
    "NaN",
  ];
  const { result } = await run({
    ...succeeded,
    GetQueryResults: () => page(types, [Object.keys(types), row, row.map(() => null)]),
  });
  assert.equal(result, {
    columns: Object.keys(types),
    rows: [
      [
        ...[5, 1, -2, 3, 0.5, 0.75, 0.25, 1.5, true, false],
        ...["2026-03-01 12:00:02.5", "2026-03-01 12:00:00", "2026-03-01", "05", "[a, b]"],
        ...[["a"], "NaN"],
      ],
      row.map(() => null),
    ],
  });
});

athena("reads all pages, whose first one has the names", async () => {
  const pages: Readonly<Record<string, Fields>> = {
    "": page({ a: "varchar" }, [["a"], ["x"]], "p2"),
    p2: page({ a: "varchar" }, [["a"]], "p3"),
    p3: page({ a: "varchar" }, [["y"]]),
  };
  const { result, calls } = await run({
    ...succeeded,
    GetQueryResults: ({ NextToken = "" }) => pages[String(NextToken)] ?? {},
  });
  assert.equal(result, { columns: ["a"], rows: [["x"], ["a"], ["y"]] });
  assert.equal(
    calls.slice(2).map(({ input }) => input.MaxResults),
    [200, 200, 200],
  );
});

athena("keeps the first row of a statement whose rows have no names before them", async () => {
  const { result } = await run({
    ...succeeded,
    GetQueryResults: () => page({ tab_name: "string" }, [["enriched"], ["leads"]]),
  });
  assert.equal(result, { columns: ["tab_name"], rows: [["enriched"], ["leads"]] });
});

athena("keeps all columns of one name apart in JSON", async () => {
  const { result } = await run({
    ...succeeded,
    GetQueryResults: () =>
      page({ a: "integer", "a ": "integer" }, [
        ["a", "a"],
        ["1", "2"],
      ]),
  });
  assert.is(formats.json(result as Exclude<typeof result, Error>), '[{"a":1,"a:1":2}]');
});

athena("is asked again and again, with waits that grow up to five seconds", async () => {
  const { waits } = await run({
    ...started,
    GetQueryExecution: (_, call) => state(call < 12 ? "RUNNING" : "SUCCEEDED"),
    GetQueryResults: () => page({ a: "integer" }, []),
  });
  assert.equal([waits[0], waits[1], waits.at(-1), waits.length], [250, 375, 5000, 12]);
});

athena("stops a query after half an hour", async () => {
  const { result, operations, waits } = await run({ ...started, GetQueryExecution: () => state("RUNNING") });
  assert.match(String(result), /half an hour.*Read fewer days/);
  assert.is(operations.at(-1), "StopQueryExecution");
  const minutes = waits.reduce((sum, wait) => sum + wait, 0) / 60_000;
  assert.ok(minutes >= 30 && minutes < 31, String(minutes));
});

athena("stops the query at Ctrl-C", async () => {
  const running = { ...started, GetQueryExecution: () => state("RUNNING") };
  const { result, calls, waits } = await run(running, { interruptedAt: 3 });
  assert.is(waits.length, 3);
  assert.is((result as Error).message, "Interrupted: the query was stopped.");
  assert.equal(calls.at(-1), { operation: "StopQueryExecution", input: { QueryExecutionId: "q-1" } });
});

athena("reads no more pages after Ctrl-C", async () => {
  const endless = { ...succeeded, GetQueryResults: () => page({ a: "varchar" }, [["a"]], "next") };
  const { result, operations } = await run(endless, { interruptedAt: "GetQueryResults" });
  assert.is((result as Error).message, "Interrupted: the query had ended, and not all of its rows were read.");
  assert.equal(operations, ["StartQueryExecution", "GetQueryExecution", "GetQueryResults"]);
});

for (const [ended, reason, expected] of [
  [
    "CANCELLED",
    "Bytes scanned limit was exceeded",
    /Bytes scanned limit was exceeded\. Read fewer days.*--from and --to.*gigabytesPerQuery/,
  ],
  [
    "FAILED",
    "SYNTAX_ERROR: line 1:8: Column 'x' cannot be resolved",
    /no result: SYNTAX_ERROR: line 1:8: Column 'x' cannot be resolved\.$/,
  ],
  ["CANCELLED", undefined, /it gives no reason/],
] as const) {
  athena(`says why a query has no result: ${reason}`, async () => {
    const { result, operations } = await run({ ...started, GetQueryExecution: () => state(ended, reason) });
    assert.match((result as Error).message, expected);
    assert.is(operations.at(-1), "GetQueryExecution");
  });
}

for (const [type, message, expected] of [
  [
    "InvalidRequestException",
    "WorkGroup is not found.",
    /WorkGroup is not found\. Deploy staging with its consumer athena\.$/,
  ],
  [
    "AccessDeniedException",
    "not authorized to perform: athena:StartQueryExecution",
    /Assume the role leadwire-staging-athena-analysts\.$/,
  ],
  ["InvalidRequestException", "line 1:1: mismatched input 'SELEC'", /^Athena: line 1:1: mismatched input 'SELEC'\.$/],
  [
    "ExpiredTokenException",
    "The security token included in the request is expired",
    /is expired\. Log in.*AWS_PROFILE/,
  ],
] as const) {
  athena(`says what to do about ${message}`, async () => {
    const { result } = await run({ StartQueryExecution: () => refusal(type, message) });
    assert.match((result as Error).message, expected);
  });
}

athena("says what to do without credentials", async () => {
  const { result, calls } = await run(succeeded, { hasCredentials: false });
  assert.match((result as Error).message, /Could not load credentials.* Log in.*AWS_PROFILE/);
  assert.equal(calls, []);
});

athena("has clients of the environment's Region, which wait for 10 s", async () => {
  const client = createAthenaClient("eu-south-1");
  assert.equal([await client.config.region(), ...(await limitsOf(client))], ["eu-south-1", 10_000, 3]);
  client.destroy();
});

athena("is refused for an environment without the consumer", async () => {
  const open = async () =>
    openAthena(
      "dev",
      { ...environments.dev, consumers: { "lead-index": {} } },
      {
        client: createAthenaClient,
        wait: async () => {},
        interruption: () => new AbortController().signal,
      },
    );
  const { message, name } = await failureOf(open());
  assert.match(message, /^error: dev has no consumer athena\. Add it to consumers in environments\/dev\.ts and deploy/);
  assert.is(name, "UsageError");
});

athena.run();
