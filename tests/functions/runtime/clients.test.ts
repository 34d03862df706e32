import { globSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { pick } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createClient } from "../../../functions/runtime/clients.ts";
import { failureOf } from "../../helpers/failure.ts";
import { httpServer } from "../../helpers/http-server.ts";
import { withVariables } from "../../helpers/variables.ts";

/** For calls that are to be answered, however busy the machine is. */
const limits = { milliseconds: 60_000, maxAttempts: 2 };
/** For calls that are not. */
const shortLimits = { ...limits, milliseconds: 200 };
const getObject = new GetObjectCommand({ Bucket: "leads", Key: "a.json" });

/** A call by each client that the functions and the operator's commands create. */
const calls = {
  S3Client: () => createClient(S3Client, shortLimits).send(getObject),
  SQSClient: () => createClient(SQSClient, shortLimits).send(new GetQueueUrlCommand({ QueueName: "q" })),
  SSMClient: () => createClient(SSMClient, shortLimits).send(new GetParameterCommand({ Name: "/a" })),
  DynamoDBClient: () =>
    createClient(DynamoDBClient, shortLimits).send(new GetItemCommand({ TableName: "t", Key: { id: { S: "1" } } })),
  SESv2Client: () =>
    createClient(SESv2Client, shortLimits).send(
      new SendEmailCommand({ Content: { Simple: { Subject: { Data: "s" }, Body: { Text: { Data: "t" } } } } }),
    ),
};

/** Uses clients while every service answers as given. @returns how many requests came, and what the use returned */
async function served<Result>(answer: (response: ServerResponse, count: number) => void, use: () => Promise<Result>) {
  let requests = 0;
  await using server = await httpServer((request, response) => {
    request.resume();
    requests += 1;
    answer(response, requests);
  });
  const set = {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  return await withVariables(set, async () => ({ result: await use(), requests }));
}

const clients = suite("clients");

clients("are created in one place, and all of them are tried here", () => {
  const sources = globSync("{functions,ops}/**/*.ts").map((path) => ({ path, text: readFileSync(path, "utf8") }));
  const found = (pattern: RegExp) => sources.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, name]) => name));
  assert.equal(found(/new (\w+Client)\(/g), []);
  assert.equal([...new Set(found(/createClient\((\w+)/g))].sort(), Object.keys(calls).sort());
});

/** Answers that do not end until long after each limit. A client without the limit gets them and so does not fail. */
const late: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "nothing comes": () => {},
  "headers and 5 bytes come and nothing more": (response) =>
    response.writeHead(200, { "content-length": "100" }).write("12345"),
};

for (const [name, call] of Object.entries(calls)) {
  for (const [what, begin] of Object.entries(late)) {
    clients(`${name} gives up, and tries again, when ${what}`, async () => {
      const { result } = await served(
        (response) => {
          begin(response);
          const end = setTimeout(() => response.end(), limits.milliseconds);
          response.once("close", () => clearTimeout(end));
        },
        () => failureOf(call()),
      );
      assert.equal([result.name, result.$metadata?.attempts], ["TimeoutError", 2]);
    });
  }
}

clients("end an answer that goes on and on, byte by byte", async () => {
  const { result } = await served(
    (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write("."), 5);
      response.once("close", () => clearInterval(drip));
    },
    () => failureOf(createClient(S3Client, { milliseconds: 200, maxAttempts: 1 }).send(getObject)),
  );
  assert.is(result.name, "TimeoutError");
});

clients("stop reading an answer at 2 MiB, and do not ask for it again", async () => {
  let written = 0;
  const { result, requests } = await served(
    (response) => {
      const more = () => {
        while (!response.destroyed && written < 500e6) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once("drain", more);
        }
      };
      response.writeHead(200, { "content-length": "500000000" });
      more();
    },
    () => failureOf(createClient(S3Client, limits).send(getObject)),
  );
  assert.equal([result.name, requests], ["AnswerTooLargeError", 1]);
  assert.ok(written < 50e6, `${written} bytes were sent`);
});

clients("read an answer of exactly 2 MiB, and none that is longer", async () => {
  const answered = (bytes: number) =>
    served(
      (response) => response.end(Buffer.alloc(bytes)),
      () =>
        createClient(S3Client, limits)
          .send(getObject)
          .then(
            async ({ Body }) => (await Body?.transformToByteArray())?.byteLength,
            ({ name }) => name,
          ),
    );
  const most = 2 * 1024 * 1024;
  const results = [await answered(most), await answered(most + 1)].map(({ result }) => result);
  assert.equal(results, [most, "AnswerTooLargeError"]);
});

clients("try again when a connection breaks in the middle of an answer", async () => {
  const { result, requests } = await served(
    (response, count) => {
      response.writeHead(200, { "content-length": "10" });
      if (count > 1) response.end("0123456789");
      else response.write("01234", () => response.destroy());
    },
    async () => (await createClient(S3Client, limits).send(getObject)).Body?.transformToString(),
  );
  assert.equal([result, requests], ["0123456789", 2]);
});

clients("send what they are given, and read an empty answer", async () => {
  const { requests } = await served(
    (response) => response.end(),
    () => createClient(S3Client, limits).send(new PutObjectCommand({ Bucket: "leads", Key: "a", Body: "{}" })),
  );
  assert.is(requests, 1);
});

for (const [milliseconds, connectionTimeout] of [
  [200, 200],
  [1000, 1000],
  [5000, 1000],
] as const) {
  clients(`have ${connectionTimeout} ms for a connection of an attempt of ${milliseconds} ms`, async () => {
    const { requestHandler } = createClient(S3Client, { milliseconds }).config;
    const { configProvider } = requestHandler as unknown as {
      readonly configProvider: Promise<Record<string, unknown>>;
    };
    const expected = { connectionTimeout, requestTimeout: milliseconds, throwOnRequestTimeout: true };
    assert.equal(pick(await configProvider, Object.keys(expected)), expected);
  });
}

/** A client of no service, whose requests end when a test says so. */
class ManualClient {
  readonly under: PromiseWithResolvers<{ response: { body?: unknown } }>[] = [];
  readonly config: { readonly requestHandler: { handle(): Promise<{ response: { body?: unknown } }> } } = {
    requestHandler: {
      handle: () => {
        const request = Promise.withResolvers<{ response: { body?: unknown } }>();
        this.under.push(request);
        return request.promise;
      },
    },
  };
}

clients("have 50 requests under way, and begin the next when one ends, well or badly", async () => {
  const client = createClient(ManualClient, limits);
  const sent = Array.from({ length: 60 }, () => client.config.requestHandler.handle());
  await setImmediate();
  assert.is(client.under.length, 50);
  client.under[0]?.resolve({ response: {} });
  client.under[1]?.reject(new Error("broken"));
  await Promise.allSettled(sent.slice(0, 2));
  await setImmediate();
  assert.is(client.under.length, 52);
  for (let index = 2; index < 60; index += 1) {
    client.under[index]?.resolve({ response: {} });
    await setImmediate();
  }
  assert.is((await Promise.allSettled(sent)).filter(({ status }) => status === "rejected").length, 1);
});

clients("leave no timer behind that would keep a command from ending", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const client = createClient(ManualClient, limits);
  const answered = client.config.requestHandler.handle();
  await setImmediate();
  const before = timers();
  client.under[0]?.resolve({ response: { body: Readable.from([Buffer.from("a")]) } });
  await answered;
  assert.is(timers(), before);
});

clients("share the connections of another client", async () => {
  const dynamo = createClient(DynamoDBClient, limits);
  const single = createClient(DynamoDBClient, { ...limits, maxAttempts: 1 }, dynamo);
  assert.is(single.config.requestHandler, dynamo.config.requestHandler);
  assert.equal([await single.config.maxAttempts(), await dynamo.config.maxAttempts()], [1, 2]);
});

clients.run();
