import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { LetterQueueView, OpenLetterView } from "../../shapes/dead-letters.ts";
import type { TriedView } from "../../shapes/try.ts";
import { ask, useFetched, useLive, useResultOf } from "../live.tsx";
import { go, Link } from "../router.tsx";
import { Action, Ago, Badge, duration, Empty, Json, Section, Shown, Table } from "../ui.tsx";
import { Payload, Tried } from "./try.tsx";

const path = "/dead-letters";

/** Says in the page what came of something. */
type Say = (said: ComponentChildren) => void;

/** Returns what sends dead letters back to the queue that they came from. */
const redrive = (which: { queue: string; messageId?: string; errorClass?: string }, say: Say) => async () => {
  const { moved, stay } = await ask<Record<"moved" | "stay", number>>(`/api${path}/redrive`, which);
  say(`${moved} sent back${stay > 0 ? `; ${stay} stay: another command holds them, or sending failed` : ""}.`);
};

const Queue = ({ name, count, letters, say }: LetterQueueView & { readonly say: Say }) => (
  <Section title={`Queue ${name}: ${count}`}>
    <p class="row">
      <Action act={redrive({ queue: name }, say)}>Redrive all</Action>
      {[...new Set(letters.map(({ errorClass }) => errorClass))].map((errorClass) => (
        <Action key={errorClass} act={redrive({ queue: name, errorClass }, say)}>
          Redrive {errorClass}
        </Action>
      ))}
      <a href={`/api${path}/export/${name}`} download={`dead-letters-${name}.json`}>
        Export
      </a>
    </p>
    <Table label={`Dead letters of ${name}`} columns={["Lead", "Class", "Reason", "Age", "Time left"]}>
      {letters.map(({ id, leadId, errorClass, reason, sentAt, expiresAt }) => (
        <tr key={id}>
          <th scope="row">
            <Link to={`${path}/${name}/${id}`}>{leadId}</Link>
          </th>
          <td>
            <Badge tone="bad">{errorClass}</Badge>
          </td>
          <td>{reason}</td>
          <td>
            <Ago at={sentAt} />
          </td>
          <td>{duration(expiresAt - Date.now())}</td>
        </tr>
      ))}
    </Table>
    {letters.length < count && <p class="muted">{count - letters.length} more are not shown. Export has them.</p>}
  </Section>
);

interface OpenedProps {
  readonly queue: string;
  readonly id: string;
  readonly letter: OpenLetterView;
  readonly say: Say;
}

/** The payload in a field, what the reader makes of it as it is now, and what can be done with the letter. */
function Opened({ queue, id, say, letter: { message, payload: before, isRaw } }: OpenedProps) {
  const [payload, setPayload] = useState(before);
  const [leads, setLeads] = useResultOf<readonly TriedView[]>(payload);
  const save = async () => {
    const { leadId } = await ask<{ leadId: string }>(`/api${path}/mend`, { queue, id, payload });
    say(
      <>
        Saved as a new lead, and the letter is deleted. <Link to={`/leads/${leadId}`}>Follow {leadId}</Link>
      </>,
    );
    go(path);
  };
  const remove = async () => {
    if (!confirm("Delete the dead letter for good? Its object stays in the bucket.")) return;
    await ask(`/api${path}/delete`, { queue, id });
    say("The dead letter is deleted.");
    go(path);
  };
  return (
    <>
      {isRaw ? <Payload value={payload} onChange={setPayload} /> : <Json value={payload} />}
      <p class="row">
        {isRaw && (
          <>
            <Action act={async () => setLeads(await ask("/api/try/read", { payload }))}>Show what is read</Action>
            <Action act={save} tone="main" disabled={payload === before}>
              Save as a new lead and delete the letter
            </Action>
          </>
        )}
        <Action act={redrive({ queue, messageId: id }, say)}>Redrive as it is</Action>
        <Action act={remove} tone="danger">
          Delete
        </Action>
        <Link to={path}>Close</Link>
      </p>
      {leads && <Tried leads={leads} />}
      <details>
        <summary>The message and its attributes</summary>
        <Json value={message} />
      </details>
    </>
  );
}

function Letter({ queue, id, say }: Omit<OpenedProps, "letter">) {
  const loaded = useFetched<OpenLetterView>(`/api${path}/letter/${queue}/${id}`);
  return (
    <Section title={`Dead letter ${id}`}>
      <Shown loaded={loaded}>{(letter) => <Opened queue={queue} id={id} letter={letter} say={say} />}</Shown>
    </Section>
  );
}

/** The dead letters of every queue; one of them opened. */
export function DeadLetters({ rest: [queue, id] }: { readonly rest: readonly string[] }) {
  const loaded = useLive<readonly LetterQueueView[]>(`/api${path}/live`);
  const [said, say] = useState<ComponentChildren>();
  return (
    <>
      <div role="status">{said}</div>
      {queue && id && <Letter key={id} queue={queue} id={id} say={say} />}
      <Shown loaded={loaded}>
        {(queues) => {
          const filled = queues.filter(({ count }) => count > 0);
          if (filled.length === 0) return <Empty>No dead letters. What no function can process stops here.</Empty>;
          return filled.map((each) => <Queue key={each.name} {...each} say={say} />);
        }}
      </Shown>
    </>
  );
}
