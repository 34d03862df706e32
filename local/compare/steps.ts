import type { ApiAnswer } from "../aws/call.ts";
import { attributesOf, errorOf, metadataOf } from "./answers.ts";
import { Hands, type Stage } from "./hands.ts";

/** Something that can be seen from outside, and should be the same whoever imitates AWS. */
export interface Observation {
  readonly what: string;
  readonly seen: unknown;
}

type Note = (what: string, seen: unknown) => void;

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
  await answerSteps(hands, rawKey, note);
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

async function answerSteps(hands: Hands, rawKey: string, note: Note): Promise<void> {
  const { stack, gateway } = hands.stage;
  const failure = async (what: string, answer: Promise<ApiAnswer>) => note(what, errorOf(await answer));
  await failure("a key that is not there", hands.s3("GET", "gone.json"));
  await failure("a conditional write of a key that is there", hands.s3("PUT", rawKey, "{}", { "if-none-match": "*" }));
  await failure("a parameter that is not there", hands.json("ssm", "AmazonSSM.GetParameter", { Name: "/gone" }));

  const key = String(stack.of("aws_dynamodb_table")[0]?.values.hash_key);
  const item = { TableName: String(stack.output("ledger_table")), Item: { [key]: { S: "a" } } };
  const condition = { ConditionExpression: "attribute_not_exists(#k)", ExpressionAttributeNames: { "#k": key } };
  await hands.json("dynamodb", "DynamoDB_20120810.PutItem", item);
  await failure(
    "a condition that fails",
    hands.json("dynamodb", "DynamoDB_20120810.PutItem", { ...item, ...condition }),
  );

  const gone = `${gateway.url}/${stack.place.account}/gone`;
  await failure("a queue that is not there", hands.json("sqs", "AmazonSQS.ReceiveMessage", { QueueUrl: gone }));
  const message = { QueueUrl: String(stack.output("leads_queue_url")), MessageBody: "🌟" };
  const { body } = await hands.json("sqs", "AmazonSQS.SendMessage", message);
  note("the sum of a message beyond U+FFFF", (JSON.parse(body.toString()) as Record<string, unknown>).MD5OfMessageBody);
}
