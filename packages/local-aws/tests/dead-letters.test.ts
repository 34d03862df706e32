import { suite } from "uvu";
import * as assert from "uvu/assert";
import { operator } from "../src/aws/call.ts";
import { startFauxqs } from "../src/aws/fauxqs.ts";
import { Gateway } from "../src/aws/gateway.ts";
import { sqsBackend, sqsRequest } from "../src/aws/sqs.ts";
import { DeadLetters } from "../src/dead-letters.ts";
import { tidy } from "../src/delivery.ts";

const place = {
  account: "111122223333",
  region: "eu-central-1",
  gatewayUrl: "http://127.0.0.1:1",
  apiUrl: "http://127.0.0.1:2",
};

const letters = suite("dead letters");

letters("each message that comes to rest in a dead letter queue is announced once", async () => {
  const gateway = new Gateway({ authorize: () => undefined });
  const fauxqs = await startFauxqs(place.region);
  gateway.add(sqsBackend(fauxqs, place, tidy));
  const call = (operation: string, input: object) => gateway.call(operator, "sqs", sqsRequest(operation, input));
  for (const QueueName of ["dead", "jobs"]) await call("CreateQueue", { QueueName });
  const deadLetters = new DeadLetters(["dead"], fauxqs, gateway);
  const arrived: string[] = [];
  deadLetters.on("arrived", ({ body }, queue) => arrived.push(`${queue}: ${body}`));
  const send = (queue: string, MessageBody: string) =>
    call("SendMessage", { QueueUrl: `${place.gatewayUrl}/${place.account}/${queue}`, MessageBody });
  await send("dead", "first");
  await send("jobs", "no dead letter");
  await send("dead", "second");
  assert.equal(arrived, ["dead: first", "dead: second"]);
  const QueueUrl = `${place.gatewayUrl}/${place.account}/dead`;
  await call("SendMessage", { QueueUrl, MessageBody: "delayed", DelaySeconds: 900 });
  await call("ReceiveMessage", { QueueUrl });
  assert.equal(
    deadLetters
      .contents()
      .map(({ body }) => body)
      .sort(),
    ["delayed", "first", "second"],
  );
  await fauxqs.stop();
});

letters.run();
