import type { ChildProcess } from "node:child_process";
import { hash } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { userInfo } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Output, queueNames, queueOutputs } from "../../flow.ts";
import { newRunPath } from "../../local/run-folder.ts";
import { httpServer } from "../helpers/http-server.ts";
import { runScript } from "../helpers/script.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/**
 * Runs `npm run ops` in a process of its own against an AWS on loopback. The queues' URLs are loopback addresses; the one
 * of the undelivered events, which no command here works on, names a Region.
 */
async function ops(line: string, answer: Answer, started?: (child: ChildProcess) => void) {
  const asked: { operation: string; region: string | undefined }[] = [];
  await using server = await httpServer(async (request, response) => {
    const { "x-amz-target": target, authorization } = request.headers;
    const operation = target === undefined ? `${request.method}` : String(target).replace(/.*\./, "");
    asked.push({ operation, region: authorization?.split("/")[2] });
    answer(request, response, await text(request));
  });
  const names = queueNames.flatMap((queue) => Object.values(queueOutputs(queue)));
  const file = join(tempFolder(), "outputs.json");
  const outputs = {
    ...Object.fromEntries(names.map((name) => [name, `${server.url}/1/${name}`])),
    [Output.undeliveredEventsUrl]: "https://sqs.eu-central-1.amazonaws.com/1/events-dlq",
    [Output.endpoint]: "https://api",
    [Output.leadsBucket]: "leads",
    [Output.ledgerTable]: "ledger",
  };
  writeFileSync(file, JSON.stringify(outputs));
  const temporary = tempFolder();
  const run = newRunPath("dev", "run", join(temporary, `leadwire-${userInfo().username}`));
  const credentials = { accessKeyId: "run", secretAccessKey: "made-up" };
  const aws = { endpoint: server.url, region: "eu-south-1", credentials, forcePathStyle: true };
  writeFileSync(run, JSON.stringify({ processId: process.pid, env: "dev", outputs, aws }));
  const env = {
    TMPDIR: temporary,
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: "us-west-2",
    AWS_ACCESS_KEY_ID: "operator",
    AWS_SECRET_ACCESS_KEY: "made-up",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
  const seen = await runScript("ops/cli.ts", line.replace("FILE", file).split(" ").filter(Boolean), env, started);
  return { ...seen, asked };
}

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));

/** Has every object, and takes every message. */
const agreeable: Answer = (request, response, body) => {
  if (request.method === "HEAD") return response.writeHead(200, { etag: '"e"' }).end();
  const { MessageBody = "" } = JSON.parse(body);
  return json(response, 200, { MD5OfMessageBody: hash("md5", MessageBody) });
};

const cli = suite("ops cli");

cli("a command that is done ends with 0; its clients are of the Region of the queues' URLs", async () => {
  const { code, stdout, asked } = await ops("replay --outputs FILE --key a.json", agreeable);
  assert.match(stdout, /^sent to http:\/\/127\.0\.0\.1:\d+\/1\/leads_queue_url\n$/);
  assert.is(code, 0);
  assert.equal(asked, [
    { operation: "HEAD", region: "eu-central-1" },
    { operation: "SendMessage", region: "eu-central-1" },
  ]);
});

cli("what AWS refuses ends with 1 and is one line of standard error", async () => {
  const { code, stdout, stderr } = await ops("dead-letters redrive --outputs FILE --queue leads", (_, response) =>
    json(response, 400, { __type: "com.amazonaws.sqs#AccessDeniedException", message: "Not yours." }),
  );
  assert.equal([code, stdout], [1, ""]);
  assert.match(stderr, /^AccessDenied\w*: Not yours\.$/m);
  assert.not.match(stderr, /^ +at /m);
});

for (const command of ["list", "redrive"]) {
  cli(`Ctrl-C ends dead-letters ${command} with 1, after the messages that it received are visible again`, async () => {
    let child: ChildProcess | undefined;
    let received = 0;
    const endless: Answer = (request, response) => {
      const operation = String(request.headers["x-amz-target"]);
      if (operation.endsWith("GetQueueAttributes")) return json(response, 200, { Attributes: {} });
      if (!operation.endsWith("ReceiveMessage")) return json(response, 200, { Successful: [], Failed: [] });
      received += 1;
      if (received === 2) child?.kill("SIGINT");
      const message = {
        MessageId: `m${received}`,
        ReceiptHandle: `r${received}`,
        Body: "{}",
        MD5OfBody: hash("md5", "{}"),
      };
      return json(response, 200, { Messages: [message] });
    };
    const line = `dead-letters ${command} --outputs FILE --queue leads`;
    const { code, stdout, stderr, asked } = await ops(line, endless, (process) => {
      child = process;
    });
    assert.equal([code, stdout], [1, ""]);
    assert.is(stderr, "Interrupted: the dead letters that were received are visible again.\n");
    const last = asked.slice(-Math.ceil(received / 10)).map(({ operation }) => operation);
    assert.equal([...new Set(last)], ["ChangeMessageVisibilityBatch"]);
  });
}

cli("--local talks to the run of this machine with the run's own Region and credentials", async () => {
  const { code, asked } = await ops("replay --local --key a.json", agreeable);
  assert.is(code, 0);
  assert.equal(asked, [
    { operation: "HEAD", region: "eu-south-1" },
    { operation: "SendMessage", region: "eu-south-1" },
  ]);
});

cli("--local without a run ends with 1 and says how to start one", async () => {
  const line = ["replay", "--local", "--key", "a.json"];
  const { code, stderr } = await runScript("ops/cli.ts", line, { TMPDIR: tempFolder() });
  assert.equal(
    [code, stderr.trim()],
    [1, "No run is under way on this machine. Start one with npm start in another terminal."],
  );
});

cli("a typo ends with 2, suggests the command and asks nobody", async () => {
  const { code, stdout, stderr, asked } = await ops("dead-letters redriv --outputs FILE --queue leads", agreeable);
  assert.equal([code, stdout, asked], [2, "", []]);
  assert.match(stderr, "(Did you mean redrive?)");
});

cli.run();
