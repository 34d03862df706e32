/** The beginning of a text, in UTF-16 units, without half a character at its end. */
export const cut = (text: string, max: number) => text.slice(0, max).replace(/[\ud800-\udbff]$/, "");
