import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SESv2Client } from "@aws-sdk/client-sesv2";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { deployedNames, environments } from "../../environments/index.ts";
import { Output, queueNames, queueOutputs } from "../../flow.ts";
import { createClients } from "../../ops/aws.ts";
import { ops } from "../../ops/commands/index.ts";
import { exitCodes } from "../../ops/review/report.ts";
import { kinds } from "../../ops/review/rule.ts";
import { limitsOf } from "../helpers/client-limits.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { runLine } from "./ops-fixtures.ts";

/** A file with the outputs of a stack in a Region, as cdktf writes it. */
function outputsFile(region: string, stack = "leadwire-prod", queues: readonly string[] = queueNames): string {
  const names = queues.flatMap((queue) => Object.values(queueOutputs(queue)));
  const urls = [...names, Output.undeliveredEventsUrl].map((name) => [
    name,
    `https://sqs.${region}.amazonaws.com/1/${name}`,
  ]);
  const others = { [Output.endpoint]: "https://api", [Output.leadsBucket]: "leads", [Output.ledgerTable]: "ledger" };
  const file = join(tempFolder(), "outputs.json");
  writeFileSync(file, JSON.stringify({ [stack]: { ...Object.fromEntries(urls), ...others } }));
  return file;
}

/** A client for which every call fails, so that a command ends at its first one. */
function refusing<Client>() {
  const asked: { region: string | undefined; input: unknown }[] = [];
  const client = (region: string | undefined) =>
    ({
      send: ({ input }: { input: unknown }) => {
        asked.push({ region, input });
        return Promise.reject(new Error("AWS refused."));
      },
    }) as Client;
  return { client, asked };
}

const commands = suite("ops commands");

commands("every file of ops/commands is registered, under its own name", () => {
  const files = readdirSync("ops/commands").filter((file) => file !== "index.ts" && file !== "command.ts");
  const names = ops.commands.map(({ name }) => `${name.replace(" ", "-")}.ts`);
  assert.equal(names.toSorted(), files.toSorted());
});

commands("each has a sentence and a place in docs/operations.md, and all of two words have a group", () => {
  const page = readFileSync("docs/operations.md", "utf8");
  for (const { name, summary } of ops.commands) {
    assert.match(summary, /^[A-Z].*\.$/, name);
    const [group = "", second] = name.split(" ");
    assert.is(second === undefined || group in (ops.groups ?? {}), true, name);
    assert.match(page, name);
  }
});

commands("docs/operations.md has the kinds of findings in their order, and the exit code of each class", () => {
  const page = readFileSync("docs/operations.md", "utf8");
  const [, text = ""] = page.split("| kind | what it finds |");
  const [table = ""] = text.split("\n\n");
  assert.equal(
    [...table.matchAll(/^\| (\w+) \|/gm)].map(([, kind]) => kind),
    [...kinds],
  );
  for (const [name, code] of Object.entries(exitCodes)) assert.match(page, `\n| ${code} | ${name} | `);
});

for (const { name, options, summary } of ops.commands) {
  commands(`${name} --help explains every option and ends with 0`, async () => {
    const { printed, code, errors } = await runLine(`${name} --help`);
    const help = printed.replace(/\s+/g, " ");
    assert.match(help, summary);
    for (const { description, example } of Object.values(options)) {
      assert.match(description, /^[A-Z].*\.$/);
      assert.match(help, description);
      if (example) assert.match(help, `Example: --`);
    }
    assert.equal([code, errors], [0, ""]);
  });

  commands(`the examples of ${name} are allowed`, () => {
    for (const { kind, example } of Object.values(options)) {
      if (kind) assert.ok(kind.read(example) !== undefined, example);
    }
  });
}

commands("have bounds and defaults", () => {
  const bounds = ops.commands.flatMap(({ name, options }) =>
    Object.entries(options).flatMap(([option, { kind, default: value }]) =>
      value !== undefined || /number from/.test(kind?.allowed ?? "")
        ? [`${name} ${option}: ${kind?.allowed}${value === undefined ? "" : `; ${value} by default`}`]
        : [],
    ),
  );
  assert.equal(bounds, [
    "smoke timeout: a whole number from 5 to 900; 60 by default",
    "simulate burst: a whole number from 1 to 20000",
    "simulate rate: a number from 0.001 to 100",
  ]);
});

for (const [line, problem] of [
  ["dead-letter list", "Did you mean dead-letters?"],
  ["dead-letters redrve", "Did you mean redrive?"],
  ["replai", "Did you mean replay?"],
  ["email staus", "Did you mean status?"],
  ["dead-letters list --output o --queue leads", "Did you mean --outputs?"],
  ["dead-letters list --outputs o", "'--queue <name>' not specified"],
  ["dead-letters list --queue leads", "'--outputs <file>' not specified"],
  ["dead-letters list --outputs o --queue Raw", "Allowed: leads, notifications, the queue of a consumer, or events."],
  ["dead-letters redrive --outputs o --queue leads --class", "'--class <class>' argument missing"],
  ["dead-letters redrive --outputs o --queue leads --json", "unknown option '--json'"],
  ["replay --outputs o", "'--key <key>' not specified"],
  ["replay --outputs o --key k --dry-run", "unknown option '--dry-run'"],
  ["email status", "'--env <name>' not specified"],
  ["email status --env production", `'production' is invalid. Allowed: ${deployedNames.join(", ")}.`],
  ["email status --env prod --outputs o", "unknown option '--outputs'"],
  ["email unsuppress --env prod", "'--address <address>' not specified"],
  ["email unsuppress --env prod --address sales", "Allowed: a plain email address, such as sales@example.com."],
  ["email unsuppress --env prod --address a@b.c,d@e.f@g", "'a@b.c,d@e.f@g' is invalid"],
  ["email unsuppress --env prod --address <a@b.c", "'<a@b.c' is invalid"],
  ["email request-production --env prod --json", "unknown option '--json'"],
  ["", "Usage: npm run ops --"],
] as const) {
  commands(`"${line}" ends with 2, says why and asks nobody`, async () => {
    const { errors, code, printed } = await runLine(line);
    assert.match(errors, problem);
    assert.equal([code, printed], [2, ""]);
  });
}

commands("a file of outputs that cannot be read ends with 1", async () => {
  const { errors, code } = await runLine("dead-letters list --outputs /nowhere.json --queue leads");
  assert.match(errors, "--outputs /nowhere.json: it cannot be read.");
  assert.is(code, 1);
});

for (const [queue, output] of [
  ...queueNames.map((name) => [name, queueOutputs(name).deadLettersUrl] as const),
  ["events", Output.undeliveredEventsUrl] as const,
]) {
  for (const command of ["list", "redrive"]) {
    commands(`dead-letters ${command} --queue ${queue} works on ${output}, in the Region of its URL`, async () => {
      const { client, asked } = refusing<SQSClient>();
      const file = outputsFile("eu-central-1");
      const { code } = await runLine(`dead-letters ${command} --outputs ${file} --queue ${queue}`, { sqs: client });
      const url = `https://sqs.eu-central-1.amazonaws.com/1/${output}`;
      const [first] = asked.map(({ region, input }) => [region, (input as { QueueUrl: string }).QueueUrl]);
      assert.equal(first, ["eu-central-1", url]);
      assert.is(code, 1);
    });
  }
}

for (const command of ["list", "redrive"]) {
  commands(`dead-letters ${command} of a queue that the stack does not have ends with 2 and asks nobody`, async () => {
    const { client, asked } = refusing<SQSClient>();
    const line = `dead-letters ${command} --outputs ${outputsFile("eu-central-1")} --queue raw`;
    const { errors, code } = await runLine(line, { sqs: client });
    assert.equal([errors, code, asked], ["--queue raw: the stack has leads, notifications, events.", 2, []]);
  });

  commands(`dead-letters ${command} knows the queue of a consumer by the stack's outputs`, async () => {
    const { client, asked } = refusing<SQSClient>();
    const file = outputsFile("eu-central-1", "leadwire-prod", [...queueNames, "archive-leads"]);
    await runLine(`dead-letters ${command} --outputs ${file} --queue archive-leads`, { sqs: client });
    const [first] = asked.map(({ input }) => (input as { QueueUrl: string }).QueueUrl);
    assert.is(first, "https://sqs.eu-central-1.amazonaws.com/1/archive_leads_dlq_url");
  });
}

commands("queues whose URLs name no Region leave it to the AWS configuration", async () => {
  const { client, asked } = refusing<SQSClient>();
  const file = outputsFile("x.elsewhere");
  await runLine(`dead-letters list --outputs ${file} --queue leads`, { sqs: client });
  assert.equal(
    asked.map(({ region }) => region),
    [undefined],
  );
});

commands("--local works on the run's queues with the run's clients, and --outputs beside it is refused", async () => {
  const { client, asked } = refusing<SQSClient>();
  const file = outputsFile("eu-central-1", "leadwire-prod", [...queueNames, "archive-leads"]);
  const { "leadwire-prod": outputs } = JSON.parse(readFileSync(file, "utf8"));
  const currentRun = () => ({ outputs, clients: { ...createClients(), sqs: client } });
  for (const queue of ["leads", "archive-leads"])
    await runLine(`dead-letters list --local --queue ${queue}`, { currentRun });
  assert.equal(
    asked.map(({ input }) => (input as { QueueUrl: string }).QueueUrl),
    ["leads", "archive_leads"].map((name) => `https://sqs.eu-central-1.amazonaws.com/1/${name}_dlq_url`),
  );
  const both = await runLine(`dead-letters list --local --outputs ${file} --queue leads`, { currentRun });
  assert.equal([both.errors, both.code], ["error: --local excludes --outputs: leave one out.", 2]);
});

for (const env of deployedNames) {
  commands(`email commands of ${env} ask SES in its Region`, async () => {
    const { client, asked } = refusing<SESv2Client>();
    for (const rest of ["status", "request-production", "unsuppress --address a@example.com"]) {
      assert.is((await runLine(`email ${rest} --env ${env}`, { ses: client })).code, 1);
    }
    assert.equal(
      asked.map(({ region }) => region),
      Array(3).fill(environments[env].region),
    );
  });
}

for (const page of ["README.md", "docs/operations.md"]) {
  const lines = readFileSync(page, "utf8").matchAll(/^(?:\$ )?npm run ops -- ([^#\n]*)/gm);
  for (const [, line = ""] of lines) {
    commands(`${page} shows a command that exists: ${line}`, async () => {
      const { client } = refusing<SESv2Client>();
      const { code, errors } = await runLine(line.trim(), { ses: client });
      assert.is.not(code, 2, errors);
    });
  }
}

commands("clients are of the given Region and wait for 10 s, and SES is asked up to ten times", async () => {
  const attempts = { sqs: 3, s3: 3, ssm: 3, dynamo: 4, ses: 10 };
  for (const [name, create] of Object.entries(createClients())) {
    const client: SQSClient = create("eu-west-3");
    assert.equal(
      [await client.config.region(), ...(await limitsOf(client))],
      ["eu-west-3", 10_000, attempts[name as keyof typeof attempts]],
    );
  }
});

commands.run();
