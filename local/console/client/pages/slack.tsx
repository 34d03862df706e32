import "./messages.css";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type SlackChannel, type SlackMessage, shownMessages } from "../../shapes/slack.ts";
import { ask, useLive } from "../live.tsx";
import { Link } from "../router.tsx";
import { Empty, Shown } from "../ui.tsx";
import { Message } from "./slack-message.tsx";

/** Pixels above the end that still count as the end. */
const nearEnd = 40;

/** The latest messages of a channel, the oldest first. @param latest number of the newest one that is there */
function useMessages(channel: string, latest: number): readonly SlackMessage[] {
  const [messages, setMessages] = useState<readonly SlackMessage[]>([]);
  useEffect(() => {
    const known = messages.at(-1)?.number ?? 0;
    if (latest === known) return;
    // A run that was started again counts from 1 again.
    const kept = latest < known ? [] : messages;
    let isCurrent = true;
    const path = `/api/slack/messages/${encodeURIComponent(channel)}?after=${kept.at(-1)?.number ?? 0}`;
    ask<readonly SlackMessage[]>(path).then(
      (newer) => isCurrent && setMessages([...kept, ...newer].slice(-shownMessages)),
      () => undefined, // The live connection says that the run does not answer.
    );
    return () => {
      isCurrent = false;
    };
  }, [channel, latest, messages]);
  return messages;
}

function Channel({ channel: { name, latest, trouble } }: { readonly channel: SlackChannel }) {
  const messages = useMessages(name, latest);
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (isAtEnd.current) list.current?.scrollTo(0, list.current.scrollHeight);
  }, [messages]);
  const scrolled = ({
    currentTarget: { scrollHeight, scrollTop, clientHeight },
  }: {
    currentTarget: HTMLDivElement;
  }) => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
  };
  return (
    <section>
      <h2># {name}</h2>
      {trouble && (
        <p class="banner" role="status">
          {trouble} <Link to="/mail">Mail</Link>
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it. */}
      <div class="pane" role="log" tabIndex={0} aria-label={`Messages in ${name}`} ref={list} onScroll={scrolled}>
        {messages.length === 0 && <Empty>No messages yet. What is announced here appears by itself.</Empty>}
        {messages.map((message) => (
          <Message key={message.number} message={message} />
        ))}
      </div>
    </section>
  );
}

/** The channels of the simulated Slack, one at a time. */
export function Slack({ rest: [chosen] }: { readonly rest: readonly string[] }) {
  const loaded = useLive<readonly SlackChannel[]>("/api/slack/live");
  return (
    <Shown loaded={loaded}>
      {(channels) => {
        const current = channels.find(({ name }) => name === chosen) ?? channels[0];
        if (!current) return <Empty>This environment announces nothing in Slack.</Empty>;
        return (
          <div class="split">
            <nav aria-label="Channels">
              {channels.map(({ name, count }) => (
                <Link key={name} to={`/slack/${encodeURIComponent(name)}`} isCurrent={name === current.name}>
                  # {name} <span class="muted">{count}</span>
                </Link>
              ))}
            </nav>
            <Channel key={current.name} channel={current} />
          </div>
        );
      }}
    </Shown>
  );
}
