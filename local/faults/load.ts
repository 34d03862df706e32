import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "local-aws";
import { aborted, never, pauseUnless } from "../aborted.ts";
import type { Platform } from "../platform.ts";
import { type CrmLead, LeadSource } from "../senders/leads.ts";
import { dropFile, sendInvalidLead } from "./invalid-leads.ts";
import type { RunAudit } from "./run-audit.ts";

export interface LoadOptions {
  readonly leads: number;
  readonly milliseconds: number;
  readonly seed: number;
  readonly random: Random;
  /** Whether the CRM sends each event once more at this moment. */
  readonly twice: () => boolean;
  /** Whether events get lost at this moment: then no invalid lead is sent, because none would become a dead letter. */
  readonly losesEvents: () => boolean;
  /** Comes when the user wants the run to end: then no more is sent. @default never */
  readonly interrupted?: AbortSignal;
}

/** One lead in so many is dropped into the bucket as a file. One request in so many carries several leads. */
const fileEvery = 20;
const listEvery = 15;
/** One invalid lead is sent after so many leads. */
const invalidLeadEvery = 10;
/** Milliseconds within which an event comes again. */
const again = 3000;

/** Sends leads evenly over the time, each as a webhook, in a list of them, or as a file, and invalid leads among them. */
export async function sendLoad(platform: Platform, audit: RunAudit, options: LoadOptions): Promise<void> {
  const { leads, milliseconds, seed, random, twice, losesEvents, interrupted = never } = options;
  const { crm } = platform;
  const people = new LeadSource(seed);
  const { sources } = crm;
  const started = performance.now();
  const underWay: Promise<unknown>[] = [];
  let invalidLeads = 0;

  const post = async (source: string, data: readonly CrmLead[]) => {
    const signed = crm.signLeads(source, data, people.eventId());
    const repeat = twice() ? pause(random() * again).then(() => crm.send(signed, source, data)) : undefined;
    await Promise.all([crm.send(signed, source, data), repeat]);
  };
  const drop = async (index: number) => {
    const key = `file ${index}.json`;
    audit.addFile(key, await dropFile(platform, key, JSON.stringify(people.next())));
  };

  for (let sent = 0; sent < leads; ) {
    const wait = started + (sent * milliseconds) / leads - performance.now();
    if (wait > 1) await pauseUnless(interrupted, wait);
    if (interrupted.aborted) return;
    const source = sources[sent % sources.length] ?? "";
    const before = sent;
    if (sent % fileEvery === fileEvery - 1) {
      underWay.push(drop(sent));
      sent += 1;
    } else if (sent % listEvery === listEvery - 1) {
      const list = Array.from(
        { length: Math.min(leads - sent, 1 + Math.floor(random() * crm.leadsInRequest(source))) },
        () => people.next(),
      );
      underWay.push(post(source, list));
      sent += list.length;
    } else {
      underWay.push(post(source, [people.next()]));
      sent += 1;
    }
    if (losesEvents() || Math.floor(before / invalidLeadEvery) === Math.floor(sent / invalidLeadEvery)) continue;
    underWay.push(sendInvalidLead(platform, invalidLeads).then((made) => audit.addInvalidLead(made)));
    invalidLeads += 1;
  }
  await Promise.race([Promise.all(underWay), aborted(interrupted)]);
}
