type Plain = string | number | boolean | null | undefined;

type Join<Start extends string, End extends string> = Start extends "" ? End : `${Start}.${End}`;

/** The path of every setting in a type. The items of a list share a path, and names that people choose are `*`. */
export type SettingPath<T, At extends string = ""> = T extends Plain | readonly Plain[]
  ? At
  : T extends readonly (infer Item)[]
    ? SettingPath<Item, At>
    : T extends object
      ? {
          [Key in keyof T & string]-?: SettingPath<
            Exclude<T[Key], undefined>,
            Join<At, string extends Key ? "*" : Key>
          >;
        }[keyof T & string]
      : never;

/** Blocks whose keys are names that people choose. */
const named = new Set(["sources"]);

/** Every value of an environment by the path of its setting; a list without blocks is one value. */
export function settingValues(value: unknown, at = ""): [path: string, value: string][] {
  if (typeof value !== "object" || value === null) return [[at, JSON.stringify(value)]];
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => {
      const name = named.has(at) ? "*" : key;
      return settingValues(inner, at ? `${at}.${name}` : name);
    });
  }
  const hasBlocks = value.some((item) => typeof item === "object");
  return hasBlocks ? value.flatMap((item) => settingValues(item, at)) : [[at, JSON.stringify(value)]];
}
