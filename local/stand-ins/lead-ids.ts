const leadId = /(?<![\w-])[a-z][a-z0-9-]*-[0-9a-f]{32}(?![0-9a-f-])/g;

/** The lead ids that a text mentions, each once. */
export const leadIdsIn = (text: string): string[] => [...new Set(text.match(leadId))];
