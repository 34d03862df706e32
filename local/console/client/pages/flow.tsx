import "./flow.css";
import type { CardView, FlowView } from "../../shapes/flow.ts";
import { useLive } from "../live.tsx";
import { Link } from "../router.tsx";
import { Facts, Section, Shown } from "../ui.tsx";

const Card = ({ title, kind, does, more, facts }: CardView) => (
  <article class="card">
    <h3>
      {title} <span class="muted">{kind}</span>
    </h3>
    <p>{does}</p>
    <Facts facts={facts} />
    {more && <Link to={more[0]}>{more[1]}</Link>}
  </article>
);

const cards = (views: readonly CardView[]) => views.map((view) => <Card key={view.title} {...view} />);

/** The pipeline in a lead's order, with live numbers. */
export const Flow = () => (
  <Shown loaded={useLive<FlowView>("/api/flow/live")}>
    {({ leads, steps, beside }) => (
      <>
        <Section title="The way of a lead">
          <p>
            Leadwire brings new leads from CRMs, forms and ads to the sales team within seconds. Follow the arrows. Each
            step stores its result before the next one begins, so a fault delays a lead and does not lose it. The
            numbers count from the start of this run.
          </p>
          <div class="row">
            <Facts facts={leads} />
            <Link to="/leads">Every lead</Link>
          </div>
          <ol class="flow" aria-label="The way of a lead">
            {steps.map((step) => (
              <li key={step.at(-1)?.title}>{cards(step)}</li>
            ))}
          </ol>
        </Section>
        <Section title="Beside the way">
          <p>No lead waits for these parts.</p>
          <div class="flow beside">{cards(beside)}</div>
        </Section>
      </>
    )}
  </Shown>
);
