import { countBy, groupBy, sum, uniq } from "es-toolkit";
import type { Review } from "./review.ts";
import type { Finding } from "./rule.ts";

/** Exit codes by class. */
export const exitCodes = { none: 0, look: 10, approve: 20 } as const;

const verdicts = {
  none: "Nothing above noise",
  look: "Somebody should look at this plan",
  approve: "A second person must approve this plan",
} as const;

/** What the review cannot know, in every report. */
const limits =
  "Only the plan was read: not what is deployed or changed outside it, what code does, or values that are known after apply.";

/** The review as one JSON document. */
export const jsonReport = ({ class: highest, findings, counts }: Review): string =>
  JSON.stringify({ class: highest, findings, counts });

/** Lines that an ordinary change takes. Of more, findings that need only a look take one line each. */
const ordinaryLines = 25;

/** The review as text for a terminal, the most serious first. A plan of noise is one line. */
export function textReport(review: Review): string {
  const { entries, added, noise } = partsOf(review);
  if (entries.length === 0 && added === "")
    return `${verdicts.none} in ${counted(review)}. ${noise} ${limits}`.replaceAll("  ", " ");
  const head = `${verdicts[review.class]}: ${counted(review)}.`;
  const foot = [...wrapped(added), ...(noise ? [noise] : []), limits];
  const texts = entries.map((entry) => entryLines(entry));
  const isLong = texts.flat().length + foot.length >= ordinaryLines;
  const lines = entries.flatMap(
    (entry, index) => texts[index]?.slice(0, isLong && entry.finding.class !== "approve" ? 1 : 3) ?? [],
  );
  return [head, ...lines, ...foot].map(printable).join("\n");
}

/** Lines of at most 120 characters that end after a comma, where the list allows it. */
const wrapped = (list: string): string[] => list.match(/\S.{0,118}(?:,(?= )|$)|\S[^,]*,?/g) ?? [];

/** A line without line breaks and without what a terminal would obey. */
const printable = (line: string): string => line.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");

/** Findings that say the same of several resources. */
interface Entry {
  readonly finding: Finding;
  readonly addresses: readonly string[];
  /** Findings in it with other values. */
  readonly others: number;
}

function partsOf({ findings }: Review): { entries: Entry[]; added: string; noise: string } {
  const isNew = ({ class: attention, kind }: Finding) => attention === "none" && kind === "added";
  const isNoise = ({ class: attention, kind }: Finding) =>
    attention === "none" && (kind === "noise" || kind === "drift");
  const addressesOf = (same: readonly Finding[]) => uniq(same.map(({ address }) => address));
  const noises = Object.entries(groupBy(findings.filter(isNoise), ({ summary }) => summary)).map(
    ([summary, same]) => `${summary} (${places(addressesOf(same), 2)})`,
  );
  const created = addressesOf(findings.filter(isNew));
  const rest = findings.filter((finding) => !isNew(finding) && !isNoise(finding));
  const groups = groupBy(rest, ({ class: attention, kind, summary, todo }) =>
    [attention, kind, summary, todo].join("\n"),
  );
  const entries = Object.values(groups).flatMap((same): Entry[] => {
    const [finding] = same;
    if (finding === undefined) return [];
    const others = uniq(same.map(({ before, after }) => `${before}\n${after}`)).length - 1;
    return [{ finding, addresses: addressesOf(same), others }];
  });
  return {
    entries,
    added: created.length > 0 ? `Added: ${places(created, 5, 60)}.` : "",
    noise: noises.length > 0 ? `Noise: ${noises.join("; ")}.` : "",
  };
}

/** `84 resources (6 to update, 3 to replace)`. */
function counted({ counts }: Review): string {
  const total = sum(Object.values(counts));
  const acting = Object.entries(counts).filter(([action]) => action !== "no-op");
  const actions = acting.map(([action, count]) => `${count} ${action === "other" ? "unknown" : `to ${action}`}`);
  return `${total} resource${total === 1 ? "" : "s"}${actions.length > 0 ? ` (${actions.join(", ")})` : ""}`;
}

/** Addresses, or how many there are of each type when there are many. */
function places(addresses: readonly string[], most: number, mostTypes = 12): string {
  if (addresses.length <= most) return addresses.join(", ");
  const types = typesOf(addresses);
  return types.length <= mostTypes ? types.join(", ") : `${addresses.length} resources of ${types.length} types`;
}

/** How many addresses there are of each type: `5 sqs_queue`. Keys of `for_each` can hold dots. */
function typesOf(addresses: readonly string[]): string[] {
  const typeOf = (address: string) => address.replaceAll(/\[[^\]]*\]/g, "").replace(/\.[^.]*$/, "");
  const types = countBy(addresses, (address) => typeOf(address).replace(/^aws_/, ""));
  return Object.entries(types).map(([type, count]) => `${count} ${type}`);
}

function entryLines({ finding, addresses, others }: Entry): string[] {
  const { class: attention, kind, summary } = finding;
  const subject = `${addresses.length > 1 ? "each of " : ""}${places(addresses, 3)}`;
  const details = [valuesOf(finding, others), adviceOf(finding)].filter(Boolean);
  return [`${attention.padEnd(7)} ${kind.padEnd(7)} ${subject} ${summary}`, ...details.map((text) => `    ${text}`)];
}

const adviceOf = ({ why, todo }: Finding): string => [why, todo].filter(Boolean).join(" ");

function valuesOf({ before, after }: Finding, others: number): string {
  if (before === null && after === null) return "";
  const more = others > 0 ? ` and ${others} more` : "";
  return after === null ? `${before}${more}` : `${before ?? "(none)"} → ${after}${more}`;
}

/** GitHub refuses longer comments. Other programs add a line or two of their own. */
const longestMarkdown = 64_000;
const longestList = 30_000;

/**
 * The review as Markdown for a comment, at most 64,000 bytes. What is destroyed or replaced is always in it. Nothing from the
 * plan can be markup, a mention or a link.
 */
export function markdownReport(review: Review): string {
  const { entries, added, noise } = partsOf(review);
  const head = [`**${verdicts[review.class]}**: ${counted(review)}.`, ...destroyedList(review.destroyed)];
  const foot = [added, noise].filter(Boolean).map(plain).concat(`_${limits}_`);
  const rows = entries.map(row);
  const cut =
    "Findings are missing here, because a comment has at most 65,536 characters. Read the review in the workflow's log.";
  const fixed = [...head, ...foot, cut].join("\n\n").length * 2 + 200;
  let size = fixed;
  const fitting = rows.filter((text) => {
    size += Buffer.byteLength(text) + 1;
    return size <= longestMarkdown;
  });
  const heading = ["| | finding | where | before → after | what to do |", "| --- | --- | --- | --- | --- |"];
  const table = rows.length > 0 ? [[...heading, ...fitting].join("\n")] : [];
  return [...head, ...table, ...(fitting.length < rows.length ? [cut] : []), ...foot].join("\n\n");
}

function destroyedList(addresses: readonly string[]): string[] {
  if (addresses.length === 0) return [];
  const all = addresses.join("\n").replaceAll(/[`~]/g, "'");
  const list = Buffer.byteLength(all) <= longestList ? all : typesOf(addresses).join("\n").replaceAll(/[`~]/g, "'");
  return [`Destroyed or replaced (${addresses.length}):`, ["```text", list, "```"].join("\n")];
}

function row({ finding, addresses, others }: Entry): string {
  const { class: attention, kind, summary } = finding;
  const values = valuesOf(finding, others);
  const cells = [
    attention === "approve" ? "**approve**" : attention,
    `**${kind}** ${plain(summary)}`,
    quoted(places(addresses, 10)),
  ];
  return `| ${[...cells, values ? quoted(values) : "", plain(adviceOf(finding))].join(" | ")} |`;
}

/** Punctuation as HTML entities, so that Markdown sees none of it. Inside a word, an underscore is none. */
const entities = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/(?!(?<=\w)_(?=\w))[^\p{L}\p{N} .,:;'"→…()-]/gu, (character) => `&#${character.codePointAt(0)};`);

/** A text as it is. GitHub would link mentions and issues: a space of no width keeps it from that. */
const plain = (text: string): string => entities(text).replaceAll(/&#(?:64|35);/g, "$&&#8203;");

/** A text in a code element, where GitHub links nothing. */
const quoted = (text: string): string => `<code>${entities(text)}</code>`;
