import { useEffect, useState } from "preact/hooks";
import type { SourceView } from "../../shapes/sources.ts";
import type { SentView, TriedView } from "../../shapes/try.ts";
import { ask, useFetched } from "../live.tsx";
import { Link } from "../router.tsx";
import { Action, Badge, Empty, Json, Section, Shown } from "../ui.tsx";
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

/** A source, and a payload: an example of the source's until somebody changes it. */
function usePayload(sources: readonly SourceView[] | undefined) {
  const [chosen, setSource] = useState<string>();
  const source = chosen ?? sources?.[0]?.name ?? "";
  const example = useFetched<{ payload: string }>(source ? `/api/try/example/${source}` : undefined);
  const [payload, setPayload] = useState("");
  const [shown, setShown] = useState("");
  useEffect(() => {
    const given = example.data?.payload;
    if (given === undefined) return;
    setPayload((now) => (now === shown ? given : now));
    setShown(given);
  }, [example.data]);
  const another = async () => {
    setPayload(shown);
    example.reload();
  };
  return { source, setSource, payload, setPayload, another };
}

/** A payload of one's own, or a source's example: what would be announced, and sending it. */
export function Try() {
  const sources = useFetched<readonly SourceView[]>("/api/sources");
  const { source, setSource, payload, setPayload, another } = usePayload(sources.data);
  const [leads, setLeads] = useState<readonly TriedView[]>();
  const [sent, setSent] = useState<SentView>();
  useEffect(() => {
    setLeads(undefined);
    setSent(undefined);
  }, [source, payload]);
  const read = async () => setLeads(await ask("/api/try/read", { payload, source: source || undefined }));
  const send = async () => setSent(await ask("/api/try/send", { payload, source }));
  return (
    <Section title="Try a payload">
      <Shown loaded={sources}>
        {(all) => (
          <p class="row">
            <label>
              Source{" "}
              <select value={source} onChange={({ currentTarget }) => setSource(currentTarget.value)}>
                {all.map(({ name, format }) => (
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
        )}
      </Shown>
      <Payload value={payload} onChange={setPayload} />
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
    </Section>
  );
}
