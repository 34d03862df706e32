import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { FactView } from "../shapes/flow.ts";
import type { Loaded } from "./live.tsx";

/** How something is going: fine, under way, to be looked at, or failed. */
export type Tone = "good" | "busy" | "warn" | "bad" | "plain";

/** A short word with a colour. The word says all; the colour helps to find it. */
export const Badge = ({ tone = "plain", children }: { readonly tone?: Tone; readonly children: ComponentChildren }) => (
  <span class={`badge ${tone}`}>{children}</span>
);

/** A text of a lead's: it may be in any script and run in any direction. */
export const Theirs = ({ children }: { readonly children: ComponentChildren }) => <bdi dir="auto">{children}</bdi>;

/** What stands where there is nothing to show yet, and what to do. */
export const Empty = ({ children }: { readonly children: ComponentChildren }) => <p class="empty">{children}</p>;

/** A page's part with a heading. */
export const Section = ({ title, children }: Record<"title" | "children", ComponentChildren>) => (
  <section>
    <h2>{title}</h2>
    {children}
  </section>
);

/** JSON as it is, in lines that wrap. */
export const Json = ({ value }: { readonly value: unknown }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a long one scrolls, and the keyboard has to reach it.
  <pre dir="auto" tabIndex={0}>
    {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
  </pre>
);

/** Shows data when there is some, and why there is none otherwise. */
export function Shown<T>({
  loaded,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly children: (data: T) => ComponentChildren;
}) {
  return (
    <>
      {loaded.error && <Problem text={loaded.error} />}
      {loaded.data === undefined ? !loaded.error && <p class="empty">Loading …</p> : children(loaded.data)}
    </>
  );
}

/** An error sentence, read out as soon as it appears. */
export const Problem = ({ text }: { readonly text: string }) => (
  <p class="problem" role="alert">
    {text}
  </p>
);

/** Figures with their names. */
export const Facts = ({ facts }: { readonly facts: readonly FactView[] }) => (
  <dl class="facts">
    {facts.map(([name, value, tone]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd class={value === 0 ? "" : tone}>{value.toLocaleString("en")}</dd>
      </div>
    ))}
  </dl>
);

interface TableProps {
  /** What the table holds, for those who cannot see it. */
  readonly label: string;
  readonly columns: readonly string[];
  /** Rows, which are `<tr>`. */
  readonly children: ComponentChildren;
}

/** A table that scrolls sideways on a narrow screen. */
export const Table = ({ label, columns, children }: TableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it.
  <section class="scroll" tabIndex={0} aria-label={label}>
    <table>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </section>
);

interface ActionProps {
  /** What it does. Its error is shown beside the button. */
  readonly act: () => Promise<unknown>;
  readonly tone?: "main" | "danger";
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
}

/** A button that does something in the run, waits for it, and says why it failed. */
export function Action({ act, tone, disabled = false, children }: ActionProps) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const click = async () => {
    setBusy(true);
    setError(undefined);
    await act().catch(({ message }: Error) => setError(message));
    setBusy(false);
  };
  return (
    <span class="action">
      <button type="button" class={tone} disabled={disabled || isBusy} onClick={click}>
        {children}
      </button>
      {error && <Problem text={error} />}
    </span>
  );
}

interface CopyableProps {
  readonly text: string;
  /** What it is, for those who hear the button only. */
  readonly what: string;
}

/** A command or an address with a button that copies it. */
export function Copyable({ text, what }: CopyableProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <span class="copyable">
      <code>{text}</code>
      <button type="button" onClick={copy} aria-label={`Copy ${what}`}>
        {isCopied ? "Copied" : "Copy"}
      </button>
    </span>
  );
}

/** Milliseconds as people say them: 85 ms, 3.2 s, 12 min, 3 h. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${Number((milliseconds / 1000).toFixed(1))} s`;
  if (milliseconds < 3_600_000) return `${Math.round(milliseconds / 60_000)} min`;
  return `${Math.round(milliseconds / 3_600_000)} h`;
}

const clock = new Intl.DateTimeFormat("en", { timeStyle: "medium", hourCycle: "h23" });

/** The time of day of a moment, from 00:00:00 to 23:59:59. @param at milliseconds since 1970 */
export const Clock = ({ at }: { readonly at: number }) => (
  <time dateTime={new Date(at).toISOString()}>{clock.format(at)}</time>
);

/** How long ago something was, and when on hovering. @param at milliseconds since 1970 */
export function Ago({ at }: { readonly at: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={new Date(at).toISOString()} title={clock.format(at)}>
      {now - at < 1000 ? "now" : `${duration(Math.floor((now - at) / 1000) * 1000)} ago`}
    </time>
  );
}
