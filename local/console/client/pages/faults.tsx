import { useState } from "preact/hooks";
import type { FaultsView } from "../../shapes/faults.ts";
import { ask, useLive } from "../live.tsx";
import { Action, Badge, duration, Section, Shown, Table } from "../ui.tsx";

const to = (what: string, body: object) => () => ask(`/api/faults/${what}`, body);

interface NumberProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

const NumberField = ({ label, value, onChange }: NumberProps) => (
  <label>
    {label}{" "}
    <input type="number" min={1} value={value} onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)} />
  </label>
);

function Outages({ outages, outage }: FaultsView) {
  const [name, setName] = useState(outages[0]?.name ?? "");
  const [minutes, setMinutes] = useState(2);
  return (
    <Section title="Outage">
      <p class="row">
        <label>
          Service{" "}
          <select value={name} onChange={({ currentTarget }) => setName(currentTarget.value)}>
            {outages.map((each) => (
              <option key={each.name}>{each.name}</option>
            ))}
          </select>
        </label>
        <NumberField label="Minutes" value={minutes} onChange={setMinutes} />
        <Action act={to("outage", { name, minutes })}>Take it down</Action>
      </p>
      <p>{outages.find((each) => each.name === name)?.does}</p>
      {outage && (
        <div class="banner row">
          {outage.name} is down for another {duration(outage.remaining)}.
          <Action act={to("outage/end", {})}>End it now</Action>
        </div>
      )}
    </Section>
  );
}

function Burst({ burst }: FaultsView) {
  const [leads, setLeads] = useState(200);
  return (
    <Section title="Burst">
      <p class="row">
        <NumberField label="Leads at once" value={leads} onChange={setLeads} />
        <Action act={to("burst", { leads })}>Send them</Action>
        {burst && `${burst.answered} of ${burst.leads} are answered.`}
      </p>
    </Section>
  );
}

/** What can go wrong, and making it go wrong. */
export const Faults = () => (
  <Shown loaded={useLive<FaultsView>("/api/faults/live")}>
    {(view) => (
      <>
        <Outages {...view} />
        <Burst {...view} />
        <Section title="Faults">
          <Table label="Faults" columns={["Fault", "What it does", "Struck", "Switch"]}>
            {view.faults.map(({ name, does, isOn, strikes }) => (
              <tr key={name}>
                <th scope="row">
                  {name} {isOn && <Badge tone="bad">on</Badge>}
                </th>
                <td>{does}</td>
                <td class="number">{strikes}</td>
                <td>
                  <Action act={to("switch", { name, on: !isOn })}>{isOn ? "Turn off" : "Turn on"}</Action>
                </td>
              </tr>
            ))}
          </Table>
        </Section>
      </>
    )}
  </Shown>
);
