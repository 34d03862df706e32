import { leadRef } from "../../functions/lead/lead-id.ts";

export interface Announcement {
  /** The lead's short name: digests have no more. */
  readonly ref: string;
  /** It says that it may be a repeat. */
  readonly marked: boolean;
}

/** Cards and emails: `Lead ID · … · may be a repeat`, one line for each lead. */
const footer = /\bLead ([a-z][a-z0-9-]*-[0-9a-f]{32})(?![0-9a-f])([^"\n]*)/g;
/** Digests: `REF` (may be a repeat), in backticks. */
const digestLine = /`([0-9a-f]{12})`( \(may be a repeat\))?/g;

/** The leads that a Slack message or an email announces. */
export function announcementsIn(text: string): Announcement[] {
  const alone = [...text.matchAll(footer)].map(([, id = "", rest = ""]) => ({
    ref: leadRef(id),
    marked: rest.includes("may be a repeat"),
  }));
  const listed = [...text.matchAll(digestLine)].map(([, ref = "", mark]) => ({ ref, marked: mark !== undefined }));
  return [...alone, ...listed];
}
