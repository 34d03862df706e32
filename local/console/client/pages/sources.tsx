import type { SourceView } from "../../shapes/sources.ts";
import { useFetched } from "../live.tsx";
import { Badge, Copyable, Section, Shown } from "../ui.tsx";

/** The environment's sources, each with its endpoint and a command to paste. */
export function Sources() {
  const loaded = useFetched<readonly SourceView[]>("/api/sources");
  return (
    <Section title="Where leads come from">
      <p>
        Each command sends a made-up lead as the source's vendor would. The run signs it on the way to the endpoint;
        change what is behind <code>-d</code> and send a lead of your own.
      </p>
      <Shown loaded={loaded}>{(sources) => sources.map((source) => <Source key={source.name} {...source} />)}</Shown>
    </Section>
  );
}

const Source = ({ name, format, endpoint, curl }: SourceView) => (
  <article>
    <h3>
      {name} <Badge>{format}</Badge>
    </h3>
    <Copyable text={endpoint} what={`the endpoint of ${name}`} />
    <Copyable text={curl} what={`the command for ${name}`} />
  </article>
);
