import "./alarms.css";
import type { AlarmNow, AlarmView } from "../../shapes/alarms.ts";
import { useFetched, useLive } from "../live.tsx";
import { Ago, Badge, Shown } from "../ui.tsx";

/** Pixels of a plot, which is a pixel wide for each second, and high for the threshold or the highest value. */
const [width, height] = [120, 40];

const states = { OK: ["OK", "good"], ALARM: ["In alarm", "bad"], INSUFFICIENT_DATA: ["No data", "plain"] } as const;

/** The metric of two minutes as a line, and the threshold as a dashed one. A period without samples is a gap. */
function Plot({ points, threshold }: { readonly points: AlarmNow["points"]; readonly threshold: number }) {
  const top = Math.max(threshold, ...points.map(([, value]) => value), 1);
  const y = (value: number) => height - (value / top) * height;
  const line = points.map(([ago, value], index) => {
    const isGap = (points[index - 1]?.[0] ?? Number.POSITIVE_INFINITY) - ago > 2;
    const point = `${width - ago} ${y(value)}`;
    return isGap ? `M${point}L${point}` : `L${point}`;
  });
  const said = `${points.length > 0 ? `Latest ${points.at(-1)?.[1]}` : "No samples"}, threshold ${threshold}`;
  return (
    <figure>
      <svg viewBox={`-2 -2 ${width + 4} ${height + 4}`} role="img" aria-label={`Plot of two minutes. ${said}.`}>
        <path class="threshold" d={`M0 ${y(threshold)}H${width}`} />
        <path d={line.join("")} />
      </svg>
      <figcaption class="muted">{said}</figcaption>
    </figure>
  );
}

function Alarm({ alarm, now }: { readonly alarm: AlarmView; readonly now: AlarmNow }) {
  const [word, tone] = states[now.state];
  return (
    <li>
      <div>
        <h3>
          {alarm.name} <Badge tone={tone}>{word}</Badge> {alarm.severity && <Badge>{alarm.severity}</Badge>}
        </h3>
        {now.changed && (
          <p>
            {states[now.changed.from][0]} → {word} <Ago at={now.changed.at} />. {now.changed.reason}
          </p>
        )}
        <p>{alarm.description}</p>
        <p class="muted">{alarm.condition}</p>
      </div>
      <Plot points={now.points} threshold={alarm.threshold} />
    </li>
  );
}

const changedAt = ({ now }: { readonly now: AlarmNow }) => now.changed?.at ?? 0;

/** Every alarm of the stack, those that changed last first. */
export function Alarms() {
  const views = useFetched<readonly AlarmView[]>("/api/alarms");
  const loaded = useLive<readonly AlarmNow[]>("/api/alarms/live");
  return (
    <Shown loaded={loaded}>
      {(nows) => {
        const both = (views.data ?? []).flatMap((alarm, index) => (nows[index] ? { alarm, now: nows[index] } : []));
        return (
          <>
            <p role="status">
              In alarm: {nows.filter(({ state }) => state === "ALARM").length} of {nows.length}. A period lasts one
              second in this run, so that alarms ring soon.
            </p>
            <ul class="alarms">
              {both
                .toSorted((a, b) => changedAt(b) - changedAt(a))
                .map((each) => (
                  <Alarm key={each.alarm.name} {...each} />
                ))}
            </ul>
          </>
        );
      }}
    </Shown>
  );
}
