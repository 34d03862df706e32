import type { Page } from "../context.ts";
import { leads } from "./leads.ts";
import { sources } from "./sources.ts";

/** Every page that has routes, in any order: the navigation's order stands in client/pages/index.tsx. */
export const pages: readonly Page[] = [leads, sources];
