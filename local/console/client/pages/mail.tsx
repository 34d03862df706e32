import "./messages.css";
import type { MailsView, MailView } from "../../shapes/mail.ts";
import { useFetched, useLive } from "../live.tsx";
import { Link } from "../router.tsx";
import { Ago, Empty, Json, Shown, Theirs } from "../ui.tsx";

const lists = [
  [
    "sales",
    "To the sales team",
    "No mails yet. Leads go out by email while Slack takes none: switch that on in Faults.",
  ],
  ["alarms", "Of alarms", "No mails yet. An alarm that changes its state sends one."],
] as const;

/** A mail: its HTML, or else its text, and its other parts one click away. */
function Whole({ id }: { readonly id: string }) {
  const path = `/api/mail/message/${encodeURIComponent(id)}`;
  return (
    <Shown loaded={useFetched<MailView>(path)}>
      {({ subject, hasHtml, text, headers }) => (
        <article>
          <h2>
            <Theirs>{subject}</Theirs>
          </h2>
          {hasHtml ? (
            <iframe
              class="pane"
              src={`${path}/html`}
              title={subject}
              sandbox="allow-popups allow-popups-to-escape-sandbox"
            />
          ) : (
            <Json value={text} />
          )}
          {hasHtml && (
            <details>
              <summary>Text part</summary>
              <Json value={text} />
            </details>
          )}
          <details>
            <summary>Headers</summary>
            <Json value={headers} />
          </details>
        </article>
      )}
    </Shown>
  );
}

/** The mails of the run, those to the sales team and those of alarms each in a list of its own. */
export function Mail({ rest: [listed, id] }: { readonly rest: readonly string[] }) {
  const [list, , none] = lists.find(([name]) => name === listed) ?? lists[0];
  const loaded = useLive<MailsView>(`/api/mail/live/${list}`);
  return (
    <Shown loaded={loaded}>
      {({ counts, mails }) => (
        <>
          <nav aria-label="Lists of mails">
            {lists.map(([name, title]) => (
              <Link key={name} to={`/mail/${name}`} isCurrent={name === list}>
                {title} <span class="muted">{counts[name]}</span>
              </Link>
            ))}
          </nav>
          <div class="split">
            <nav aria-label="Mails">
              {mails.map((mail) => (
                <Link key={mail.id} to={`/mail/${list}/${encodeURIComponent(mail.id)}`} isCurrent={mail.id === id}>
                  <Theirs>{mail.subject}</Theirs>
                  <br />
                  <span class="muted">{mail.to}</span> <Ago at={mail.at} />
                </Link>
              ))}
            </nav>
            {id ? <Whole key={id} id={id} /> : <Empty>{mails.length > 0 ? "Choose a mail to read it." : none}</Empty>}
          </div>
        </>
      )}
    </Shown>
  );
}
