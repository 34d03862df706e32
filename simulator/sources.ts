import { Webhook } from "standardwebhooks";
import type { SimulatedLead } from "./leads.ts";
import { type Pipeline, source } from "./pipeline.ts";
import type { Arrival } from "./plan.ts";
import type { World } from "./world.ts";

type Request = Extract<Arrival, { kind: "request" }>;

/** Milliseconds before each further attempt of the source. */
const pauses = [1000, 5000, 30_000, 120_000, 600_000];

/** The source and the people who put files into the bucket. It remembers what the pipeline has accepted. */
export class Sources {
  /** Tokens of the leads that ingest answered with 2xx, and of those in files. */
  readonly accepted = new Set<string>();
  readonly #world: World;
  readonly #pipeline: Pipeline;

  constructor(world: World, pipeline: Pipeline, arrivals: readonly Arrival[]) {
    this.#world = world;
    this.#pipeline = pipeline;
    for (const arrival of arrivals) world.clock.after(arrival.at, () => this.#arrive(arrival));
  }

  #arrive(arrival: Arrival): void {
    if (arrival.kind === "request") {
      this.#send(arrival, 0);
      return;
    }
    const text = arrival.kind === "badFile" ? arrival.text : bodyOf(arrival.leads);
    const version = this.#pipeline.bucket.put(arrival.key, text);
    this.#world.tell("somebody", `puts ${arrival.kind} ${version.key} as ${version.versionId}`);
    if (arrival.kind === "file") this.#accept(arrival.leads);
  }

  /** Sends a request until it is answered with 2xx, or the source gives up. */
  #send(request: Request, attempt: number): void {
    const { clock, faults } = this.#world;
    this.#world.tell("source", `sends ${request.eventId}`);
    const body = bodyOf(request.leads);
    const id = request.eventId;
    const at = new Date(clock.now());
    const headers = {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(source.secret).sign(id, at, body),
    };
    this.#pipeline.ingest(requestOf(headers, body), (answer) => {
      const { statusCode = 500 } = (answer ?? {}) as { statusCode?: number };
      this.#world.tell("source", `is answered ${statusCode}`, answer);
      const is2xx = statusCode >= 200 && statusCode < 300;
      if (is2xx) this.#accept(request.leads);
      const pause = pauses[attempt];
      if ((is2xx && !faults.happens("answerLost")) || pause === undefined) return;
      clock.after(pause, () => this.#send(request, attempt + 1));
    });
  }

  #accept(leads: readonly SimulatedLead[]): void {
    for (const { token } of leads) this.accepted.add(token);
  }
}

/** One lead alone, or a list. */
const bodyOf = (leads: readonly SimulatedLead[]) =>
  JSON.stringify(leads.length === 1 ? leads[0]?.fields : leads.map(({ fields }) => fields));

/** A request as API Gateway hands it over. */
const requestOf = (headers: Readonly<Record<string, string>>, body: string) => ({
  version: "2.0",
  rawQueryString: "",
  headers,
  pathParameters: { source: source.name },
  requestContext: { requestId: "request", http: { method: "POST", path: `/${source.name}` } },
  body,
  isBase64Encoded: false,
});
