import { maxBodyBytes } from "../../../functions/lead/raw-lead.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import type { SourceDeclaration } from "../../../functions/sources/declaration.ts";
import {
  type Door,
  type DoorContext,
  type SourceEvent,
  type SourceRequest,
  UnprovenRequestError,
} from "../../../functions/sources/door.ts";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import { filledSettings } from "../../../functions/sources/settings.ts";
import { oneOf, seededRandom } from "../../../local/random.ts";
import { senders } from "../../../local/senders/index.ts";
import { type CrmLead, LeadSource } from "../../../local/senders/leads.ts";
import type { SenderRequest, SimulatedSource } from "../../../local/senders/sender.ts";
import { settingsOf } from "./settings.ts";

type Random = () => number;

const url = "https://leads.example.com/source";
const at = new Date("2026-03-01T12:00:00.000Z");
const characters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"] as [string, ...string[]];

const textOf = (random: Random, length: number, of = characters) =>
  Array.from({ length }, () => oneOf(random, of)).join("");
const hex = (random: Random, bytes: number) =>
  textOf(random, bytes * 2, [..."0123456789abcdef"] as [string, ...string[]]);
const base64 = (random: Random, bytes: number) =>
  Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256))).toString("base64");
const below = (random: Random, limit: number) => Math.floor(random() * limit);

/** A format's door, and the requests that its sender makes. */
export class FuzzedSource {
  readonly #format: SourceFormat;
  readonly #door: Door;
  readonly #declaration: SourceDeclaration;
  readonly #random: Random;
  readonly #leads: readonly [CrmLead, ...CrmLead[]];
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #context: DoorContext;
  /** Headers without which the door refuses a request. */
  readonly #proofs: readonly string[];
  /** Names of headers that senders of all formats send. */
  readonly #vocabulary: readonly [string, ...string[]];

  private constructor(format: SourceFormat, door: Door, seed: number) {
    this.#format = format;
    this.#door = door;
    this.#declaration = sourceFormats[format];
    this.#random = seededRandom(seed);
    const leads = new LeadSource(seed);
    this.#leads = [leads.next(), ...Array.from({ length: 20 }, () => leads.next())];
    this.#settings = filledSettings(this.#declaration, settingsOf(format));
    const secrets = this.#secrets("right");
    const [first = "", ...others] = this.#declaration.secrets;
    this.#context = {
      secrets: [secrets[first] ?? ""],
      otherSecrets: Object.fromEntries(others.map((name) => [name, [secrets[name] ?? ""]])),
      settings: this.#settings,
      now: at,
    };
    const genuine = this.genuine();
    this.#proofs = Object.keys(genuine.headers).filter(
      (name) => this.#outcome({ ...genuine, headers: { ...genuine.headers, [name]: undefined } }) === "refused",
    );
    const names = Object.keys(senders).flatMap((name) =>
      Object.keys(this.#sent(name as SourceFormat, "other").headers),
    );
    this.#vocabulary = ["authorization", ...names, "x-signature", "x-hub-signature-256", "svix-signature", "svix-id"];
  }

  static async of(format: SourceFormat, seed: number): Promise<FuzzedSource> {
    const { door } = await (sourceFormats[format] as SourceDeclaration).door();
    return new FuzzedSource(format, door, seed);
  }

  /** A request that the source's sender proves. */
  genuine(): SourceRequest {
    return this.#sent(this.#format, "right");
  }

  /** Whether the door takes a request for proven, refuses it, or throws what it must not. */
  #outcome(request: SourceRequest): "proven" | "refused" | { readonly thrown: unknown } {
    try {
      if (request.method === "GET" && this.#door.challenge) this.#door.challenge(request, this.#context);
      else this.#door.verify(request, this.#context);
      return "proven";
    } catch (error) {
      return error instanceof UnprovenRequestError || error instanceof RejectedError ? "refused" : { thrown: error };
    }
  }

  /** What is wrong with what the door does with requests, in sentences. @param count unproven requests */
  problems(count: number): string[] {
    const problems = new Set<string>();
    if (this.#outcome(this.genuine()) !== "proven") problems.add("a genuine request is refused");
    for (let number = 0; number < count; number += 1) {
      const [kind, request] = this.#unproven(number);
      const outcome = this.#outcome(request);
      if (outcome === "proven") problems.add(`${kind}: request ${number} is accepted`);
      else if (outcome !== "refused")
        problems.add(`${kind}: request ${number}: verify throws ${String(outcome.thrown)}`);
      for (const problem of this.#splitProblems(request)) problems.add(`${kind}: ${problem}`);
    }
    return [...problems];
  }

  /** A proven request can have any body. */
  #splitProblems(request: SourceRequest): string[] {
    try {
      return this.#door.split(request, this.#context).flatMap(eventProblems);
    } catch (error) {
      return error instanceof RejectedError ? [] : [`split throws ${String(error)}`];
    }
  }

  #unproven(number: number): readonly [kind: string, SourceRequest] {
    switch (number % 4) {
      case 0:
        return ["another secret", this.#otherwise()];
      case 1:
        return ["a changed proof", this.#withChangedProof()];
      case 2:
        return ["headers by chance", { ...this.#otherwise(), headers: this.#headers(), body: this.#body() }];
      default:
        return ["all by chance", this.#byChance()];
    }
  }

  /** A request that is proven with another secret. */
  #otherwise(): SourceRequest {
    return this.#sent(this.#format, `other ${this.#random()}`);
  }

  #secrets(seed: string): Record<string, string> {
    const { makeSecret } = senders[this.#format];
    const random = seededRandom([...seed].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 2 ** 31);
    return Object.fromEntries(
      this.#declaration.secrets.map((name) => [name, makeSecret?.(name, seed) ?? hex(random, 32)]),
    );
  }

  /** What a format's sender sends with its secrets of a seed. */
  #sent(format: SourceFormat, seed: string): SourceRequest {
    const sender = senders[format];
    const own = format === this.#format;
    const source: SimulatedSource = {
      secrets: own ? this.#secrets(seed) : {},
      settings: own ? this.#settings : filledSettings(sourceFormats[format], settingsOf(format)),
    };
    const event = { url, eventId: "event", at };
    const body = sender.body([oneOf(this.#random, this.#leads)], source, event);
    return asRequest(sender.request(body, source, event), body);
  }

  /** Without one of the headers of the proof, or with a character of it changed. A proof in the URL or body is made with another secret. */
  #withChangedProof(): SourceRequest {
    const request = this.genuine();
    const name = this.#proofs[below(this.#random, this.#proofs.length)];
    if (name === undefined) return this.#otherwise();
    const value = request.headers[name] ?? "";
    return { ...request, headers: { ...request.headers, [name]: this.#changed(value) } };
  }

  #changed(value: string): string | undefined {
    // A scheme such as Bearer may be written in any case, so the first half stays.
    const place = Math.ceil(value.length / 2) + below(this.#random, Math.floor(value.length / 2));
    const before = value.slice(0, place);
    const after = value.slice(place + 1);
    const other = oneOf(this.#random, characters);
    return oneOf<string | undefined>(this.#random, [
      undefined,
      "",
      before,
      `${value}${other}`,
      other === value[place] ? `${before}${after}.` : `${before}${other}${after}`,
    ]);
  }

  #value(): string {
    const random = this.#random;
    const seconds = String(Math.floor(at.getTime() / 1000) + below(random, 3) - 1);
    return oneOf<() => string>(random, [
      () => hex(random, 32),
      () => base64(random, 32),
      () => `sha256=${hex(random, 32)}`,
      () => `sha256=${base64(random, 32)}`,
      () => `v1,${base64(random, 32)}`,
      () => `t=${seconds},v1=${hex(random, 32)}`,
      () => `Bearer ${textOf(random, below(random, 60))}`,
      () => `Basic ${base64(random, below(random, 60))}`,
      () => seconds,
      () => String(at.getTime()),
      () => "",
      () => " ",
      () => "v1, v1,,",
      () => "t=,v1=",
      () => "undefined",
      () => "\u0000\ud800é",
      () => "a".repeat(below(random, 5000)),
    ])();
  }

  #headers(): Record<string, string> {
    const names = Array.from({ length: below(this.#random, 7) }, () => oneOf(this.#random, this.#vocabulary));
    return Object.fromEntries(names.map((name) => [name.toLowerCase(), this.#value()]));
  }

  #body(): Buffer {
    const random = this.#random;
    const genuine = () => this.#otherwise().body;
    const value = () => oneOf<unknown>(random, [null, 0, -1, "", "x", true, [], {}, this.#value(), 1e300]);
    return oneOf<() => Buffer>(random, [
      () => Buffer.alloc(0),
      () => Buffer.from(base64(random, below(random, 300)), "base64"),
      () => Buffer.from(JSON.stringify(value())),
      () => Buffer.from(JSON.stringify({ google_key: value(), key: value(), token: value(), data: value() })),
      () => Buffer.from("[".repeat(below(random, 40))),
      () => Buffer.from("<a>".repeat(below(random, 40))),
      () => Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
      () => Buffer.from('{"__proto__":{"a":1},"constructor":[],"toString":null}'),
      // A body with another secret, cut or with parts of it replaced.
      () => genuine().subarray(0, below(random, genuine().length)),
      () => replaced(genuine(), below(random, genuine().length), Buffer.from(this.#value())),
      () => withOtherValues(genuine(), value),
    ])();
  }

  #byChance(): SourceRequest {
    const random = this.#random;
    const parameter = () =>
      `${oneOf(random, ["hub.mode", "hub.verify_token", "hub.challenge", "token", "secret", "key", ""])}=${encodeURIComponent(this.#value().toWellFormed())}`;
    return {
      method: oneOf(random, ["POST", "GET"]),
      path: oneOf(random, ["/source", "/", "", "/source/x", "//", "/%00", `/${this.#value()}`]),
      query: Array.from({ length: below(random, 4) }, parameter).join("&"),
      headers: this.#headers(),
      body: this.#body(),
    };
  }
}

function asRequest({ method = "POST", url: sent, headers }: SenderRequest, body: string): SourceRequest {
  const { pathname, search, host } = new URL(sent);
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method,
    path: pathname,
    query: search.slice(1),
    headers: { host, ...Object.fromEntries(lowered) },
    body: Buffer.from(body),
  };
}

const replaced = (body: Buffer, place: number, by: Buffer) =>
  Buffer.concat([body.subarray(0, place), by, body.subarray(place + by.length)]);

/** A JSON body of which some values, at any depth, are others. */
function withOtherValues(body: Buffer, value: () => unknown): Buffer {
  try {
    const other = JSON.parse(body.toString(), (_, given) => (String(given).length % 3 === 0 ? value() : given));
    return Buffer.from(JSON.stringify(other) ?? "");
  } catch {
    return body;
  }
}

function eventProblems(event: SourceEvent): string[] {
  if (event.kind === "ignored") return event.reason === "" ? ["an event is ignored without a reason"] : [];
  const { identity, json } = event;
  return [
    ...(identity.length > 0 && identity.every((part) => typeof part === "string") ? [] : ["a lead has no identity"]),
    ...(Buffer.byteLength(json) <= maxBodyBytes && json.startsWith("{") && isJson(json)
      ? []
      : ["a lead is no JSON object"]),
  ];
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}
