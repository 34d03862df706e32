import "./leads.css";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Entry, type Place, places, type Row } from "../../../journal/entry.ts";
import type { LeadDetails, LeadDocument, LeadLine, LeadReading, LeadsView, PathView } from "../../shapes/leads.ts";
import { useFetched, useLive } from "../live.tsx";
import { Link } from "../router.tsx";
import { Badge, Clock, duration, Empty, Json, Problem, Section, Shown, Table, Theirs, type Tone } from "../ui.tsx";

const tones: Readonly<Partial<Record<Entry["kind"], Tone>>> = {
  announced: "good",
  stored: "busy",
  fetched: "busy",
  enriched: "busy",
  claimed: "busy",
  postponed: "warn",
  "not-taken": "warn",
  repeat: "warn",
  refused: "bad",
  failed: "bad",
  "dead-lettered": "bad",
};

/** Words for what the kind of a step or a place does not say by itself. */
const words: Readonly<Partial<Record<Entry["kind"], string>>> = {
  claimed: "being announced",
  "not-taken": "not taken by a channel",
  repeat: "came again",
  dropped: "dropped into the bucket",
};
const wordOf = (kind: Entry["kind"]) => words[kind] ?? kind;
const Kind = ({ kind }: Pick<Entry, "kind">) => <Badge tone={tones[kind] ?? "plain"}>{wordOf(kind)}</Badge>;

/** All leads, or the path of the one that the address names. */
export const Leads = ({ rest: [id] }: { readonly rest: readonly string[] }) =>
  id === undefined ? <LeadList /> : <LeadPath key={id} id={id} />;

type Filter = Readonly<Partial<Record<"source" | "place" | "channel" | "text", string>>>;

function LeadList() {
  const [filter, setFilter] = useState<Filter>({});
  const given = Object.entries(filter).filter(([, value]) => value !== "");
  const loaded = useLive<LeadsView>(`/api/leads/live?${new URLSearchParams(given)}`);
  const set = (name: keyof Filter) => (value: string) => setFilter((before) => ({ ...before, [name]: value }));
  const { sources = [], channels = [], counts } = loaded.data ?? {};
  const count = (place: string) => `${wordOf(place as Place)} (${counts?.[place as Place] ?? 0})`;
  return (
    <Section title="Leads">
      <div class="row">
        <Choice label="Source" options={sources} choose={set("source")} />
        <Choice label="State" options={places} wordOf={count} choose={set("place")} />
        <Choice label="Channel" options={channels} choose={set("channel")} />
        <label>
          Name or id <input type="search" onInput={(event) => set("text")(event.currentTarget.value)} />
        </label>
      </div>
      <Shown loaded={loaded}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <Empty>
              {given.length > 0 ? "No lead fits." : "No lead yet."} The page <Link to="/sources">Sources</Link> has a
              command that sends one.
            </Empty>
          ) : (
            <>
              <p class="muted">
                {total} {total === 1 ? "row" : "rows"}
                {total > rows.length && `, of which the latest ${rows.length} are shown`}
              </p>
              <Table label="All leads" columns={["Lead", "State", "Source", "Channel", "Took", "Came", "Why"]}>
                {rows.map((row) => (
                  <LeadRow key={row.id} row={row} />
                ))}
              </Table>
            </>
          )
        }
      </Shown>
    </Section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly string[];
  readonly wordOf?: (option: string) => string;
  readonly choose: (option: string) => void;
}

const Choice = ({ label, options, wordOf: word = String, choose }: ChoiceProps) => (
  <label>
    {label}{" "}
    <select onChange={(event) => choose(event.currentTarget.value)}>
      <option value="">all</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {word(option)}
        </option>
      ))}
    </select>
  </label>
);

/** A row is made again only when something of it changed: in a burst there are four snapshots a second. */
const LeadRow = ({ row }: { readonly row: Row }) => useMemo(() => rowOf(row), Object.values(row));

const rowOf = (row: Row) => (
  <tr>
    <th scope="row">
      <Link to={`/leads/${row.id}`}>
        <Theirs>{row.name || row.id}</Theirs>
      </Link>
    </th>
    <td>
      <State row={row} />
    </td>
    <td>{row.source}</td>
    <td>{row.channel}</td>
    <td class="number">{row.milliseconds !== undefined && duration(row.milliseconds)}</td>
    <td class="number">
      <Clock at={row.firstAt} />
    </td>
    <td>{row.why}</td>
  </tr>
);

const State = ({ row: { place, repeats } }: { readonly row: Row }) => (
  <>
    <Kind kind={place} />
    {repeats > 0 && <Badge tone="warn">came again {repeats > 1 && `× ${repeats}`}</Badge>}
  </>
);

function LeadPath({ id }: { readonly id: string }) {
  const encoded = encodeURIComponent(id);
  const path = useLive<PathView | { readonly error: string }>(`/api/leads/${encoded}/live`);
  const known = path.data && "row" in path.data ? path.data : undefined;
  // Every further step can have something new to read.
  const details = useFetched<LeadDetails>(known && `/api/leads/${encoded}?steps=${known.entries.length}`);
  // Lines and the ledger's last state come after the last step.
  useEffect(() => {
    const later = setTimeout(details.reload, 2000);
    return () => clearTimeout(later);
  }, [known?.entries.length, details.reload]);
  return (
    <>
      <p>
        <Link to="/leads">All leads</Link>
      </p>
      <Shown loaded={path}>
        {(view) => ("error" in view ? <Problem text={view.error} /> : <Path view={view} details={details.data} />)}
      </Shown>
      {details.error && <Problem text={details.error} />}
    </>
  );
}

interface PathProps {
  readonly view: PathView;
  readonly details: LeadDetails | undefined;
}

function Path({ view: { row, entries, request }, details }: PathProps) {
  const { reading, lines = [] } = details ?? {};
  // A lead that was not enriched was read too: where its path ended.
  const readAt = entries.find(({ kind }) => ["enriched", "dead-lettered", "ignored"].includes(kind));
  return (
    <>
      <Section title={<Theirs>{row.name || row.id}</Theirs>}>
        <p>
          <State row={row} /> <code>{row.id}</code>
        </p>
        {row.why && <p class={tones[row.place] === "bad" ? "problem" : ""}>{row.why}</p>}
        <ol class="path">
          {entries.map((entry, index) => (
            <Step key={index} entry={entry} before={entries[index - 1]}>
              {entry.status !== undefined && request && entry.status === request.status && (
                <>
                  {details?.verification && <p>{details.verification}</p>}
                  <Document title="Request and answer" value={request} />
                </>
              )}
              {entry === readAt && reading && <Reading reading={reading} />}
              {documentsOf(entry, entries, details).map(({ title, value }) => (
                <Document key={title} title={title} value={value} />
              ))}
            </Step>
          ))}
        </ol>
      </Section>
      <Section title={`What the functions logged (${lines.length})`}>
        {lines.length === 0 ? (
          <Empty>No line names it.</Empty>
        ) : (
          lines.map((line, index) => <Line key={index} line={line} />)
        )}
      </Section>
    </>
  );
}

/** The documents of a step's kind, at the first step of this kind. */
const documentsOf = (entry: Entry, entries: readonly Entry[], details?: LeadDetails): readonly LeadDocument[] =>
  (details?.documents ?? []).filter(({ of }) => {
    const fits = ({ kind }: Entry) => kind === of || (of === "stored" && kind === "dropped");
    return entries.find(fits) === entry;
  });

interface StepProps {
  readonly entry: Entry;
  readonly before: Entry | undefined;
  readonly children: ComponentChildren;
}

const Step = ({ entry: { at, kind, text }, before, children }: StepProps) => (
  <li>
    <span class="time">{before ? `+ ${duration(at - before.at)}` : <Clock at={at} />}</span>
    <div>
      <Kind kind={kind} /> <Theirs>{text}</Theirs>
      {children}
    </div>
  </li>
);

const Document = ({ title, value }: Pick<LeadDocument, "title" | "value">) => (
  <details>
    <summary>{title}</summary>
    <Json value={value} />
  </details>
);

/** What was found in a payload, where, and what nothing reads. */
export const Found = ({ fields, leftAside, reason }: LeadReading) => (
  <>
    {reason && <p>{reason}</p>}
    {fields.length > 0 && (
      <Table label="Fields and where each was found" columns={["Field", "Value", "Found at"]}>
        {fields.map(({ field, value, foundAt }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td>
              <Theirs>{String(value)}</Theirs>
            </td>
            <td>
              <Theirs>
                <code>{foundAt}</code>
              </Theirs>
            </td>
          </tr>
        ))}
      </Table>
    )}
    {leftAside.length > 0 && (
      <p>
        Not read: <Theirs>{leftAside.join(", ")}</Theirs>
      </p>
    )}
  </>
);

const Reading = ({ reading }: { readonly reading: LeadReading }) => (
  <details>
    <summary>What the reader found, and where</summary>
    <Found {...reading} />
  </details>
);

/** A line of a function's log: its message, and all of it on a click. */
function Line({ line: { function: name, line } }: { readonly line: LeadLine }) {
  const said = jsonIn(line);
  const time = Date.parse(String(said?.timestamp ?? said?.time));
  return (
    <details>
      <summary>
        <code>
          {time > 0 && <Clock at={time} />} {name} {String(said?.message ?? said?.type ?? line)}
        </code>
      </summary>
      <Json value={said ?? line} />
    </details>
  );
}

function jsonIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
