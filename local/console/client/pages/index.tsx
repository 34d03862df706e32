import type { ComponentType } from "preact";
import { Alarms } from "./alarms.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { Faults } from "./faults.tsx";
import { Flow } from "./flow.tsx";
import { Leads } from "./leads.tsx";
import { Mail } from "./mail.tsx";
import { Numbers } from "./numbers.tsx";
import { Slack } from "./slack.tsx";
import { Sources } from "./sources.tsx";
import { Try } from "./try.tsx";

/** The browser's side of a page. */
export interface ClientPage {
  /** First part of its path. */
  readonly name: string;
  readonly title: string;
  /** @param rest the path's further parts */
  readonly View: ComponentType<{ readonly rest: readonly string[] }>;
}

/** In the navigation's order. The first one is what the address without a path shows. */
export const pages: readonly [ClientPage, ...ClientPage[]] = [
  { name: "flow", title: "Flow", View: Flow },
  { name: "leads", title: "Leads", View: Leads },
  { name: "slack", title: "Slack", View: Slack },
  { name: "mail", title: "Mail", View: Mail },
  { name: "dead-letters", title: "Dead letters", View: DeadLetters },
  { name: "alarms", title: "Alarms", View: Alarms },
  { name: "try", title: "Try", View: Try },
  { name: "faults", title: "Faults", View: Faults },
  { name: "numbers", title: "Numbers", View: Numbers },
  { name: "sources", title: "Sources", View: Sources },
];
