import { suite } from "uvu";
import * as assert from "uvu/assert";
import { byReceives, oneByOne } from "../../../functions/runtime/one-by-one.ts";
import type { QueueMessage } from "../../../functions/runtime/own-queue.ts";
import { awsError, recordedLog } from "../../helpers/fakes.ts";

const message = (messageId: string, receiveCount: number): QueueMessage => ({
  messageId,
  receiptHandle: messageId,
  body: "",
  receiveCount,
  attempt: 1,
  firstAttemptAt: undefined,
});
const idsOf = (messages: readonly QueueMessage[]) => messages.map(({ messageId }) => messageId);

const apart = suite("one by one");

apart("begins with what is closest to its last receive, and keeps the order of equals", () => {
  const messages = [message("a", 2), message("new", 1), message("b", 3), message("c", 2), message("newer", 1)];
  const { again, fresh } = byReceives(messages);
  assert.equal(
    [idsOf(again), idsOf(fresh)],
    [
      ["b", "a", "c"],
      ["new", "newer"],
    ],
  );
});

apart("takes a message whose receives are not known for a new one", () => {
  assert.equal(idsOf(byReceives([message("a", Number.NaN)]).fresh), ["a"]);
});

apart("hides all messages before it begins, works on one at a time, and deletes each that is done", async () => {
  const steps: string[] = [];
  const queue = {
    delete: async (messages: readonly QueueMessage[]) => void steps.push(`deleted ${idsOf(messages)}`),
    retryAfter: async (messages: readonly QueueMessage[], seconds: (one: QueueMessage) => number) =>
      void steps.push(`hidden ${messages.map(seconds)}`),
  };
  const ports = { queue, log: recordedLog() };
  await oneByOne([message("a", 3), message("b", 2), message("c", 2)], 9500, ports, async ({ messageId }) => {
    steps.push(`worked on ${messageId}`);
    return messageId !== "b";
  });
  assert.equal(steps, ["hidden 57,67,77", "worked on a", "deleted a", "worked on b", "worked on c", "deleted c"]);
});

apart("asks the queue for nothing when there is nothing to do", async () => {
  const fail = () => Promise.reject(new Error("asked"));
  const ports = { queue: { delete: fail, retryAfter: fail }, log: recordedLog() };
  await oneByOne([], 1000, ports, async () => true);
  assert.equal(ports.log.lines, []);
});

apart("goes on when the queue cannot be updated, and logs that", async () => {
  const fail = () => Promise.reject(awsError("ServiceUnavailable", 503));
  const ports = { queue: { delete: fail, retryAfter: fail }, log: recordedLog() };
  const done: string[] = [];
  await oneByOne([message("a", 2), message("b", 2)], 1000, ports, async ({ messageId }) => done.push(messageId) > 0);
  assert.equal(done, ["a", "b"]);
  assert.equal(
    ports.log.lines.map(({ message, context }) => [message, context.errorClass]),
    Array(3).fill(["queue not updated", "ServiceUnavailable"]),
  );
});

apart.run();
