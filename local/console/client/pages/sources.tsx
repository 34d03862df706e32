import type { SourceView } from "../../shapes/sources.ts";
import { useFetched } from "../live.tsx";
import { Copyable, Section, Shown, Table } from "../ui.tsx";

/** The environment's sources, each with its endpoint and a command to paste. */
export function Sources() {
  const loaded = useFetched<readonly SourceView[]>("/api/sources");
  return (
    <Section title="Where leads come from">
      <p>
        Each command sends a made-up lead as the source's vendor would. The run signs it on the way to the endpoint;
        change what is behind <code>-d</code> and send a lead of your own.
      </p>
      <Shown loaded={loaded}>
        {(sources) => (
          <Table label="Sources" columns={["Source", "Format", "Endpoint", "Send a lead"]}>
            {sources.map(({ name, format, endpoint, curl }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{format}</td>
                <td>
                  <Copyable text={endpoint} />
                </td>
                <td>
                  <Copyable text={curl} />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Shown>
    </Section>
  );
}
