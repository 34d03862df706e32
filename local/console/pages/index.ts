import type { Page } from "../context.ts";
import { alarms } from "./alarms.ts";
import { flow } from "./flow.ts";
import { leads } from "./leads.ts";
import { mail } from "./mail.ts";
import { numbers } from "./numbers.ts";
import { slack } from "./slack.ts";
import { sources } from "./sources.ts";

/** Every page that has routes, in any order: the navigation's order stands in client/pages/index.tsx. */
export const pages: readonly Page[] = [alarms, flow, leads, mail, numbers, slack, sources];
