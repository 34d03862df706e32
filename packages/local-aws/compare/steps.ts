import { answerSteps } from "./answer-steps.ts";
import { attributesOf, metadataOf } from "./answers.ts";
import { Hands, type Note, type Observation, type Stage } from "./hands.ts";

const eventId = "msg_compared";
const lead = { first_name: "Ada", last_name: "Lovelace 🌟", email: "ada@example.com", country: "GB" };

/** The three functions' ways, step by step, then the services' answers that they depend on. */
export async function takeSteps(stage: Stage): Promise<Observation[]> {
  const hands = new Hands(stage);
  const observations: Observation[] = [];
  const note: Note = (what, seen) => observations.push({ what, seen });
  const rawKey = await ingestSteps(hands, note);
  const enrichedKey = await enrichSteps(hands, rawKey, note);
  await notifySteps(hands, enrichedKey, note);
  await answerSteps(hands, note);
  return observations;
}

async function ingestSteps(hands: Hands, note: Note): Promise<string> {
  const { stack, crm } = hands.stage;
  const [source = ""] = Object.keys(stack.output("source_secret_parameters") as object);
  const signed = crm.sign(source, JSON.stringify({ type: "lead.created", timestamp: "", data: lead }), eventId);
  const first = (await hands.ingest(source, signed)) as { body: string };
  note("ingest stores a lead", first);
  note("ingest finds it there the second time", await hands.ingest(source, signed));
  const [{ key = "" } = {}] = (JSON.parse(first.body) as { leads: { key: string }[] }).leads;
  const raw = await hands.s3("GET", key);
  const { status, body, headers } = raw;
  note("the raw object", { status, body: body.toString(), metadata: metadataOf(raw), etag: headers.etag });
  return key;
}

async function enrichSteps(hands: Hands, rawKey: string, note: Note): Promise<string> {
  note("enrich writes the enriched lead", await hands.work("enrich", rawKey));
  note("enrich finds it there the second time", await hands.work("enrich", rawKey));
  const [enrichedKey = ""] = await hands.enrichedKeys();
  const { body } = await hands.s3("GET", enrichedKey);
  const { receivedAt: _received, enrichedAt: _enriched, ...enriched } = JSON.parse(body.toString());
  note("the enriched object", enriched);
  await hands.s3("PUT", "poison.json", '{"message":"no way to reach me"}');
  note("enrich buries poison", await hands.work("enrich", "poison.json"));
  const letters = await hands.messages(String(hands.stage.stack.output("leads_dlq_url")));
  note("the dead letter", attributesOf(letters));
  return enrichedKey;
}

async function notifySteps(hands: Hands, enrichedKey: string, note: Note): Promise<void> {
  const { slack } = hands.stage;
  note("notify posts", [await hands.work("notify", enrichedKey), slack.messages.length]);
  note("notify posts once", [await hands.work("notify", enrichedKey), slack.messages.length]);
  slack.mode = "down";
  await hands.s3("PUT", "second.json", JSON.stringify({ ...lead, email: "grace@example.org" }));
  await hands.work("enrich", "second.json");
  const [secondKey = ""] = (await hands.enrichedKeys()).filter((key) => key !== enrichedKey);
  note("notify sends an email when Slack is down", await hands.work("notify", secondKey));
}
