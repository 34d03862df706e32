/** What of a text may stand in HTML: markup becomes text. */
export const html = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What of a text may stand in a header: no line break can leave it and begin another one. */
export const oneLine = (text: string) => text.replace(/\p{Cc}+/gu, " ");
