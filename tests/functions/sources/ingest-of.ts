import { makeHandler } from "../../../functions/ingest/handler.ts";
import type { CommonSettings, SourceDeclaration } from "../../../functions/sources/declaration.ts";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import { filledSettings } from "../../../functions/sources/settings.ts";
import { httpRequest } from "../../helpers/aws-events.ts";
import { memoryStore, recordedLog, recordedMeter } from "../../helpers/fakes.ts";

/** Ingest with a source `source` of a format, and everything that it leaves: what it stores, logs, counts and answers. */
export function ingestOf(format: SourceFormat, proof: string, now: Date, settings: CommonSettings = {}) {
  const declaration: SourceDeclaration = sourceFormats[format];
  const store = memoryStore();
  const log = recordedLog();
  const meter = recordedMeter();
  const answers: unknown[] = [];
  const handler = makeHandler({
    sources: { source: format },
    declarationOf: () => declaration,
    readSource: async () => ({
      settings: filledSettings(declaration, settings),
      secrets: { [declaration.secrets[0]]: proof },
    }),
    store,
    log,
    meter,
    now: () => now,
  });
  return {
    async post(body: string, headers: Record<string, string> = {}) {
      const { statusCode = 0, body: text = "" } = await handler(httpRequest("source", body, headers));
      answers.push(text);
      return [statusCode, text] as const;
    },
    stored: () =>
      [...store.all.values()].map(({ body, metadata }) => ({ text: Buffer.from(body).toString(), metadata })),
    /** Everything that it leaves, as one text. */
    traces: () =>
      JSON.stringify([
        [...store.all].map(([key, { body, metadata }]) => [key, Buffer.from(body).toString(), metadata]),
        log.lines,
        meter.counts,
        answers,
      ]),
  };
}
