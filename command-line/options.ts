/** The options of a command, as data. Their names, types and help come from here. */

/** How the text of an option becomes a value. */
export interface Kind<Value> {
  /** Stands for the value in the help: `number`, `file`. */
  readonly placeholder: string;
  /** What is allowed, as in "Allowed is a whole number from 1 to 9." */
  readonly allowed: string;
  /** @returns undefined for a text that is not allowed */
  read(text: string): Value | undefined;
}

/** One option. Without a kind it is a switch, which takes no value. */
export interface OptionSpec<Value> {
  /** A sentence for the help. */
  readonly description: string;
  readonly kind: Kind<Value> | undefined;
  /** A value for the help; of a switch, empty. */
  readonly example: string;
  /** As a user would type it. */
  readonly default?: string;
  readonly required?: true;
  /** It is given by its place, without its name: what a command works on. */
  readonly positional?: true;
  /** It may be given several times; its values are a list. */
  readonly repeatable?: true;
}

/** Options by name: `dryRun` is given as `--dry-run`. */
export type OptionSpecs = Readonly<Record<string, OptionSpec<unknown>>>;

/** What a command gets of its options. */
export type Values<Options extends OptionSpecs> = {
  readonly [Name in keyof Options]: Options[Name] extends OptionSpec<infer Value> ? Value : never;
};

/** An option that a command cannot do without. */
export const required = <Value>(description: string, kind: Kind<Value>, example: string): OptionSpec<Value> => ({
  description,
  kind,
  example,
  required: true,
});

/** An argument without a name: what the command works on. Arguments are given in the order in which the command lists them. */
export const operand = <Value>(description: string, kind: Kind<Value>, example: string): OptionSpec<Value> => ({
  description,
  kind,
  example,
  required: true,
  positional: true,
});

/** An argument without a name that may be left out. It comes last. */
export const optionalOperand = <Value>(
  description: string,
  kind: Kind<Value>,
  example: string,
): OptionSpec<Value | undefined> => ({ description, kind, example, positional: true });

/** An option that is undefined when it is not given. */
export const optional = <Value>(
  description: string,
  kind: Kind<Value>,
  example: string,
): OptionSpec<Value | undefined> => ({ description, kind, example });

/** An option that may be given several times. Its values are in the order in which they are given; none is an empty list. */
export const repeatable = <Value>(
  description: string,
  kind: Kind<Value>,
  example: string,
): OptionSpec<readonly Value[]> => ({
  description,
  kind: {
    ...kind,
    read(given) {
      const value = kind.read(given);
      return value === undefined ? undefined : [value];
    },
  },
  example,
  repeatable: true,
});

/** An option with a default, which is written as a user would type it. */
export const withDefault = <Value>(
  defaultText: string,
  description: string,
  kind: Kind<Value>,
  example: string,
): OptionSpec<Value> => ({ description, kind, example, default: defaultText });

/** A switch, off by default. */
export const flag = (description: string): OptionSpec<boolean> => ({ description, kind: undefined, example: "" });

/** A text that is not empty and does not begin with a dash, because that would be the next option. */
export const text = (placeholder: string, allowed: string, pattern = /^[^-]/): Kind<string> => ({
  placeholder,
  allowed,
  read: (given) => (pattern.test(given) ? given : undefined),
});

/** A number from `min` to `max`, both included. */
export const number = (min: number, max: number): Kind<number> => ({
  placeholder: "number",
  allowed: `a number from ${min} to ${max}`,
  read(given) {
    const value = given.trim() === "" ? Number.NaN : Number(given);
    return value >= min && value <= max ? value : undefined;
  },
});

/** A whole number from `min` to `max`, both included. */
export const wholeNumber = (min: number, max: number): Kind<number> => ({
  placeholder: "number",
  allowed: `a whole number from ${min} to ${max}`,
  read(given) {
    const value = number(min, max).read(given);
    return Number.isInteger(value) ? value : undefined;
  },
});

/** One of some names. */
export const oneOf = <Name extends string>(names: readonly Name[]): Kind<Name> => ({
  placeholder: "name",
  allowed: names.join(", "),
  read: (given) => names.find((name) => name === given),
});

/** Values with commas between them, at least one. */
export const listOf = <Value>(kind: Kind<Value>): Kind<readonly Value[]> => ({
  placeholder: "list",
  allowed: `a list with commas of ${kind.allowed}`,
  read(given) {
    const values = given.split(",").map((one) => kind.read(one));
    return values.every((value) => value !== undefined) ? values : undefined;
  },
});
