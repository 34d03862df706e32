import type { APIGatewayProxyStructuredResultV2 as Response } from "aws-lambda";
import type { SourceAnswer } from "../sources/door.ts";

/** Seconds after which a source may try again when a lead could not be stored. */
const retryAfterSeconds = 5;

const json = (statusCode: number, body: unknown, headers: Record<string, string> = {}): Response => ({
  statusCode,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** Says what is wrong: a word for programs and a sentence for people. */
export const failure = (statusCode: number, code: string, message: string, headers?: Record<string, string>) =>
  json(statusCode, { error: { code, message } }, headers);

export interface StoredLead {
  readonly key: string;
  readonly status: "stored" | "duplicate";
}

/** 202 with the keys when a lead is new, 200 when every lead was stored before. */
export const accepted = (leads: readonly StoredLead[]) =>
  json(leads.some(({ status }) => status === "stored") ? 202 : 200, { leads });

export const sourceAnswer = ({ status, contentType, body }: SourceAnswer): Response => ({
  statusCode: status,
  headers: { "content-type": contentType },
  body,
});

export const unknownSource = () => failure(404, "UnknownSource", "No source of this name is configured.");

/** @param methods that the source may use */
export const notAllowed = (methods: readonly string[]) =>
  failure(405, "MethodNotAllowed", `This source sends ${methods.join(" and ")} requests only.`, {
    allow: methods.join(", "),
  });

/** Not every lead is stored: the source must send the request again. */
export const unavailable = () =>
  failure(503, "Unavailable", `Not stored; try again in ${retryAfterSeconds} seconds.`, {
    "retry-after": String(retryAfterSeconds),
  });
