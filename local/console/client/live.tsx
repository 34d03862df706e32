import { useCallback, useEffect, useState } from "preact/hooks";

/** What a page gets from the run: nothing yet, data, or why there is none. */
export interface Loaded<T> {
  readonly data?: T;
  readonly error?: string;
}

const noAnswer = "The run does not answer. Is it still going on?";

/**
 * The latest snapshot of a live address. The browser connects again by itself when the run was restarted. A tab that nobody
 * sees gives its connection back, because a browser keeps six for a host.
 */
export function useLive<T>(path: string): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({});
  useEffect(() => {
    let events: EventSource | undefined;
    const followWhileSeen = () => {
      events?.close();
      if (document.hidden) return;
      events = new EventSource(path);
      events.onmessage = ({ data }) => setLoaded({ data: JSON.parse(data) as T });
      events.onerror = () => setLoaded((before) => ({ ...before, error: noAnswer }));
    };
    followWhileSeen();
    document.addEventListener("visibilitychange", followWhileSeen);
    return () => {
      document.removeEventListener("visibilitychange", followWhileSeen);
      events?.close();
    };
  }, [path]);
  return loaded;
}

/** The answer of an address, asked for once, and again after `reload`. @param path undefined asks for nothing, and keeps what is there */
export function useFetched<T>(path: string | undefined): Loaded<T> & { readonly reload: () => void } {
  const [loaded, setLoaded] = useState<Loaded<T>>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === undefined) return;
    let isCurrent = true;
    ask<T>(path).then(
      (data) => isCurrent && setLoaded({ data }),
      (error: Error) => isCurrent && setLoaded({ error: error.message }),
    );
    return () => {
      isCurrent = false;
    };
  }, [path, round]);
  return { ...loaded, reload: useCallback(() => setRound((before) => before + 1), []) };
}

/** The result of what stands in fields, and what sets it. A result that comes after a change of the fields is not shown. */
export function useResultOf<T>(...fields: readonly string[]) {
  const of = JSON.stringify(fields);
  const [result, setResult] = useState<{ readonly of: string; readonly value: T }>();
  return [result?.of === of ? result.value : undefined, (value: T) => setResult({ of, value })] as const;
}

/**
 * Asks the run for something, or to do something.
 * @param body makes it a POST
 * @throws Error with the run's own sentence
 */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, body === undefined ? {} : init).catch(() => {
    throw new Error(noAnswer);
  });
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The run answered with ${response.status}.`);
  return answer;
}
