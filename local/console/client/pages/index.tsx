import type { ComponentType } from "preact";
import { Alarms } from "./alarms.tsx";
import { Flow } from "./flow.tsx";
import { Leads } from "./leads.tsx";
import { Mail } from "./mail.tsx";
import { Numbers } from "./numbers.tsx";
import { Slack } from "./slack.tsx";
import { Sources } from "./sources.tsx";

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
  { name: "alarms", title: "Alarms", View: Alarms },
  { name: "numbers", title: "Numbers", View: Numbers },
  { name: "sources", title: "Sources", View: Sources },
];
