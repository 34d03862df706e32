import type { Page } from "../context.ts";
import { alarms } from "./alarms.ts";
import { deadLetters } from "./dead-letters.ts";
import { faultsPage } from "./faults.ts";
import { flow } from "./flow.ts";
import { leads } from "./leads.ts";
import { mail } from "./mail.ts";
import { numbers } from "./numbers.ts";
import { slack } from "./slack.ts";
import { sources } from "./sources.ts";
import { tryPage } from "./try.ts";

/** Every page that has routes, in any order: the navigation's order stands in client/pages/index.tsx. */
export const pages: readonly Page[] = [
  alarms,
  deadLetters,
  faultsPage,
  flow,
  leads,
  mail,
  numbers,
  slack,
  sources,
  tryPage,
];
