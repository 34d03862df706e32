import { hash } from "node:crypto";
import type { Message } from "@aws-sdk/client-sqs";
import { once, sumBy } from "es-toolkit";
import { Hono } from "hono";
import type { QueuedMessage } from "local-aws";
import { isFile, memberLeadId, rawObjectLeadId } from "../../../functions/lead/lead-id.ts";
import { createLeadStore } from "../../../functions/runtime/lead-store.ts";
import { createdObject, leadIdOf } from "../../../functions/runtime/object-created.ts";
import { leadsInFile } from "../../../functions/sources/leads-in-body.ts";
import { createClients } from "../../../ops/aws.ts";
import { deadLetterOf, deleteDeadLetters } from "../../../ops/dead-letters.ts";
import { pipelineOf } from "../../../ops/outputs.ts";
import { deadLetterSources, deadLettersUrl, redrive } from "../../../ops/redrive.ts";
import { LocalRunError } from "../../errors.ts";
import type { ConsoleContext, Page } from "../context.ts";
import { live } from "../live.ts";
import type { LetterQueueView, LetterView, OpenLetterView } from "../shapes/dead-letters.ts";
import { triedPayload } from "./try.ts";

/** Dead letters in a snapshot; there can be thousands. */
const shownLetters = 150;

/** A message at rest, as SQS would hand it out. */
const asReceived = ({ messageAttributes, approximateReceiveCount, sentTimestamp, ...message }: QueuedMessage) => ({
  MessageId: message.messageId,
  Body: message.body,
  MessageAttributes: messageAttributes as NonNullable<Message["MessageAttributes"]>,
  Attributes: { ApproximateReceiveCount: String(approximateReceiveCount), SentTimestamp: String(sentTimestamp) },
});

/** The dead letters of a run: what is in the queues, and the operator's clients for what commands do. */
class DeadLetters {
  readonly pipeline;
  readonly sqs;
  readonly store;
  readonly #context: ConsoleContext;

  constructor(context: ConsoleContext) {
    const { stack, clientSettings, bucket } = context.platform;
    this.#context = context;
    this.pipeline = pipelineOf((name) => stack.output(name), "The run", stack.outputs);
    const { sqs, s3 } = createClients(clientSettings());
    this.sqs = sqs(undefined);
    this.store = createLeadStore(s3(undefined), bucket);
  }

  messagesIn(source: string) {
    const { ready, delayed, inflight } = this.#context.platform.inspectQueue(this.#nameOf(source));
    return [...ready, ...delayed, ...inflight.map(({ message }) => message)].map(asReceived);
  }

  snapshot(): LetterQueueView[] {
    let room = shownLetters;
    return deadLetterSources(this.pipeline).map((name) => {
      const messages = this.messagesIn(name);
      const retention = this.#retentionOf(name);
      const letters = messages.slice(0, room).map((message): LetterView => {
        const { messageId: id, leadId = "no lead", errorClass, reason, sentAt } = deadLetterOf(message);
        return { id, leadId, errorClass, reason, sentAt: sentAt.getTime(), expiresAt: sentAt.getTime() + retention };
      });
      room -= letters.length;
      return { name, count: messages.length, letters };
    });
  }

  /**
   * A dead letter, and the lead that it is about: its own part of the object that the event names, if it is a lead as it came.
   * @throws LocalRunError when it is no longer there
   */
  async open(source: string, id: string): Promise<OpenLetterView> {
    const message = this.messagesIn(source).find(({ MessageId }) => MessageId === id);
    if (!message) throw new LocalRunError("NoDeadLetter", "The dead letter is no longer in its queue.");
    const letter = deadLetterOf(message);
    try {
      const object = createdObject(letter);
      const { body } = await this.store.read(object);
      const isRaw = !object.key.includes("/");
      const member = isRaw ? memberOf(body, leadIdOf(object), letter.leadId) : undefined;
      return { message, isRaw, payload: member ?? Buffer.from(body).toString("utf8") };
    } catch (error) {
      return { message, isRaw: false, payload: (error as Error).message };
    }
  }

  /** @throws LocalRunError when there is no such letter to delete */
  async delete(source: string, id: string): Promise<void> {
    const url = deadLettersUrl(this.pipeline, source);
    const { deleted } = await deleteDeadLetters(this.sqs, url, ({ messageId }) => messageId === id);
    if (deleted > 0) return;
    throw new LocalRunError("NotDeleted", "Not deleted: the letter is gone already, or another command holds it.");
  }

  /**
   * Stores a corrected lead under a key of its own, and deletes the dead letter.
   * @returns the new lead's id, or the first one's
   * @throws LocalRunError when the lead would be rejected or ignored
   */
  async mend(source: string, id: string, payload: string): Promise<string> {
    const leads = await triedPayload(this.#context, payload);
    const bad = leads.find(({ status }) => status !== "enriched");
    if (bad) throw new LocalRunError("NotMended", `Nothing was saved: it would be ${bad.status}. ${bad.reason}`);
    await this.open(source, id);
    const key = `mended-${hash("sha256", payload).slice(0, 32)}.json`;
    await this.store.writeOnce(key, payload, {});
    await this.delete(source, id);
    const stored = await this.store.find(key);
    return memberLeadId(rawObjectLeadId(key, stored?.etag ?? ""), 0, leads.length);
  }

  #nameOf(source: string): string {
    return deadLettersUrl(this.pipeline, source).split("/").at(-1) ?? "";
  }

  /** Milliseconds for which a queue keeps dead letters. */
  #retentionOf(source: string): number {
    const queues = this.#context.platform.stack.of("aws_sqs_queue");
    const found = queues.find(({ values }) => values.name === this.#nameOf(source));
    return Number(found?.values.message_retention_seconds) * 1000;
  }
}

/** The part of a file that is a lead's; undefined where there is none, or the file cannot be read. */
function memberOf(file: Uint8Array, objectId: string, leadId: string | undefined): string | undefined {
  try {
    const members = isFile(objectId) ? leadsInFile(file) : [];
    return members.find((_, index) => memberLeadId(objectId, index, members.length) === leadId)?.json;
  } catch {
    return undefined;
  }
}

/** Messages that no function could process: shown, corrected, sent back and deleted as operators do it. */
export const deadLetters: Page = {
  name: "dead-letters",
  routes(context) {
    const letters = once(() => new DeadLetters(context));
    return new Hono()
      .get("/live", (c) => live(c, () => letters().snapshot()))
      .get("/letter/:queue/:id", async (c) => c.json(await letters().open(c.req.param("queue"), c.req.param("id"))))
      .get("/export/:queue", (c) => c.json(letters().messagesIn(c.req.param("queue"))))
      .post("/redrive", async (c) => {
        const { queue, ...which } = await c.req.json<{ queue: string; messageId?: string; errorClass?: string }>();
        const { sqs, pipeline } = letters();
        const { moved, failed, elsewhere } = await redrive(sqs, pipeline, queue, which);
        return c.json({ moved: sumBy(Object.values(moved), (count) => count), stay: failed + elsewhere });
      })
      .post("/mend", async (c) => {
        const { queue, id, payload } = await c.req.json<Record<"queue" | "id" | "payload", string>>();
        return c.json({ leadId: await letters().mend(queue, id, payload) });
      })
      .post("/delete", async (c) => {
        const { queue, id } = await c.req.json<Record<"queue" | "id", string>>();
        await letters().delete(queue, id);
        return c.json({});
      });
  },
};
