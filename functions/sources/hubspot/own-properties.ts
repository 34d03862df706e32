/** Names of the HubSpot properties that the environment's own fields name, by their names or paths such as `properties.budget`. */
export const ownProperties = (fields: Readonly<Record<string, string>> = {}): string[] =>
  Object.values(fields).map((path) => path.replace(/.*\./, ""));
