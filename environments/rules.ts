import { number, string } from "yup";

/** Where AWS documents what the rules state. */
export const docs = "https://docs.aws.amazon.com";

/** A yup test that carries what a BrokenRule needs. */
export function rule<T>(bound: string, reason: string, link: string, holds: (value: T) => boolean) {
  return {
    name: bound,
    params: { bound, reason, link },
    test: (value: T | undefined) => value === undefined || holds(value),
  };
}

/** A whole number from one bound to the other. */
export const whole = (least: number, most: number, reason: string, link: string) =>
  number()
    .required()
    .test(
      rule(
        `a whole number from ${least} to ${most}`,
        reason,
        link,
        (value) => Number.isInteger(value) && value >= least && value <= most,
      ),
    );

/** A string of a pattern. */
export const matching = (pattern: RegExp, bound: string, reason: string, link: string) =>
  string()
    .defined()
    .test(rule(bound, reason, link, (value) => pattern.test(value)));
