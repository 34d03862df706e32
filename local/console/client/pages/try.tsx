import { useState } from "preact/hooks";
import type { SourceView } from "../../shapes/sources.ts";
import type { SentView, TriedView } from "../../shapes/try.ts";
import { ask, useFetched, useResultOf } from "../live.tsx";
import { Link } from "../router.tsx";
import { Action, Badge, Empty, Json, Problem, Section, Shown } from "../ui.tsx";
import { Found } from "./leads.tsx";

const tones = { enriched: "good", rejected: "bad", ignored: "warn" } as const;

/** What Leadwire makes of each lead of a payload. */
export const Tried = ({ leads }: { readonly leads: readonly TriedView[] }) => (
  <>
    {leads.map(({ status, card, ...reading }, index) => (
      <section key={index} aria-label={`Lead ${index + 1} of ${leads.length}`}>
        <h3>
          Lead {index + 1} of {leads.length} <Badge tone={tones[status]}>{status}</Badge>
        </h3>
        {card && <Json value={card} />}
        <Found {...reading} />
      </section>
    ))}
  </>
);

interface PayloadProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field for a payload. */
export const Payload = ({ value, onChange }: PayloadProps) => (
  <label>
    Payload
    <textarea
      dir="auto"
      rows={14}
      spellcheck={false}
      value={value}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  </label>
);

const Answer = ({ sent: { status, body, leadIds } }: { readonly sent: SentView }) => (
  <div role="status">
    <h3>
      Answer <Badge tone={status >= 200 && status < 300 ? "good" : "bad"}>{String(status || "none")}</Badge>
    </h3>
    <Json value={body} />
    {leadIds.map((id) => (
      <p key={id}>
        <Link to={`/leads/${id}`}>Follow {id}</Link>
      </p>
    ))}
  </div>
);

/** The payload is an example of the chosen source until somebody changes it. */
function Form({ sources }: { readonly sources: readonly SourceView[] }) {
  const [source, setSource] = useState(sources[0]?.name ?? "");
  const [own, setOwn] = useState<string>();
  const example = useFetched<{ payload: string }>(source ? `/api/try/example/${source}` : undefined);
  const payload = own ?? example.data?.payload ?? "";
  const [leads, setLeads] = useResultOf<readonly TriedView[]>(source, payload);
  const [sent, setSent] = useResultOf<SentView>(source, payload);
  const read = async () => setLeads(await ask("/api/try/read", { payload, source: source || undefined }));
  const send = async () => setSent(await ask("/api/try/send", { payload, source }));
  const another = async () => {
    setOwn(undefined);
    example.reload();
  };
  return (
    <>
      <p class="row">
        <label>
          Source{" "}
          <select value={source} onChange={({ currentTarget }) => setSource(currentTarget.value)}>
            {sources.map(({ name, format }) => (
              <option key={name} value={name}>
                {name === format ? name : `${name} (${format})`}
              </option>
            ))}
            <option value="">none: a file in the bucket</option>
          </select>
        </label>
        <Action act={another} disabled={!source}>
          Another example
        </Action>
      </p>
      {example.error && <Problem text={example.error} />}
      <Payload value={payload} onChange={setOwn} />
      <p class="row">
        <Action act={read} tone="main" disabled={!payload}>
          Show what would be announced
        </Action>
        <Action act={send} disabled={!payload || !source}>
          Sign and send it
        </Action>
      </p>
      {sent && <Answer sent={sent} />}
      {leads ? (
        <Tried leads={leads} />
      ) : (
        <Empty>Change the payload, or paste one of your own. Nothing is sent until you send it.</Empty>
      )}
    </>
  );
}

/** A payload of one's own, or a source's example: what would be announced, and sending it. */
export const Try = () => (
  <Section title="Try a payload">
    <Shown loaded={useFetched<readonly SourceView[]>("/api/sources")}>{(all) => <Form sources={all} />}</Shown>
  </Section>
);
