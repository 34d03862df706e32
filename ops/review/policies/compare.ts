import { groupBy, isEqual, maxBy, sumBy, uniq } from "es-toolkit";
import { impliesAll, unmet } from "./conditions.ts";
import { type Dimension, type Document, dimensions, has, type Part, readDocument, type Statement } from "./document.ts";
import { UnreadablePolicyError } from "./json.ts";
import { conditionsInWords, statementInWords } from "./words.ts";

/** Permissions of a statement on one side of a comparison that the other side's statements do not have. */
export interface Grant {
  /** In words, for example `now allows anyone s3:getobject on arn:aws:s3:::leads/*`. */
  readonly text: string;
  /** The statement with these permissions in words. Undefined where the documents could not be compared. */
  readonly given: string | undefined;
  /** The nearest statement of the other side in words, if one has to do with these permissions. */
  readonly nearest: string | undefined;
  /** Conditions of the nearest statement that were dropped or loosened, in words. */
  readonly dropped: string | undefined;
  /** Whom or what an Allow opens, undefined for a narrow one. */
  readonly opens: Opening | undefined;
}

/**
 * `everyone`: any principal, or, where no principal is named, every action on every resource. `others`: principals that are no
 * services, or whole services' actions on every resource.
 */
type Opening = "everyone" | "others";

export interface Comparison {
  /** What the later document permits and the earlier did not. */
  readonly wider: readonly Grant[];
  /** What the earlier document permitted and the later does not. */
  readonly narrower: readonly Grant[];
  /** Why the documents could not be compared. The later one may be wider then, and `wider` says so. */
  readonly undecided?: string;
}

/** Permissions of a statement for one part in each dimension. */
type Atom = Readonly<Record<Dimension, Part>> & { readonly statement: Statement };

/**
 * Compares two policy documents as sets of (effect, principal, action, resource, condition). Each is JSON text or parsed;
 * undefined and an empty text are a document without statements. The later one is not wider if each of its Allows is within
 * one of the earlier's, and each of the earlier's Denies within one of the later's. What cannot be told counts as not within,
 * so nothing wider is missed, and a policy that is only written differently can be called wider.
 *
 * An account as principal counts as covering its roles, although in the resource's own account an Allow for a role needs no
 * second Allow in the role's policies, and an Allow for the account does.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
export function comparePolicies(before: unknown, after: unknown): Comparison {
  if (isEqual(before, after)) return { wider: [], narrower: [] };
  try {
    const [earlier, later] = [readDocument(before), readDocument(after)];
    const isEmpty = earlier.statements.length === 0 || later.statements.length === 0;
    if (!isEmpty && earlier.hasVariables !== later.hasVariables && /\$\{/.test(JSON.stringify([before, after]))) {
      throw new UnreadablePolicyError("the Version changes, and with it the meaning of the variables");
    }
    return {
      wider: [
        ...grants("now allows", only("Allow", later, earlier), earlier),
        ...grants("no longer denies", only("Deny", earlier, later), later),
      ],
      narrower: [
        ...grants("no longer allows", only("Allow", earlier, later), later),
        ...grants("now denies", only("Deny", later, earlier), earlier),
      ],
    };
  } catch (error) {
    if (!(error instanceof UnreadablePolicyError)) throw error;
    const text = `may permit more; it cannot be compared because ${error.message}`;
    const grant = { text, given: undefined, nearest: undefined, dropped: undefined, opens: undefined };
    return { wider: [grant], narrower: [], undecided: error.message };
  }
}

/** Atoms of a document's statements that are within none of the other's. What a document denies, it does not allow. */
function only(effect: Statement["effect"], { statements }: Document, other: Document): Atom[] {
  const denied = (atom: Atom) => effect === "Allow" && isWithin(atom, statements, "Deny");
  return statements
    .filter((statement) => statement.effect === effect && !other.statements.some((one) => isEqual(one, statement)))
    .flatMap(atomsOf)
    .filter((atom) => !isWithin(atom, other.statements, effect) && !denied(atom));
}

const atomsOf = (statement: Statement): Atom[] =>
  statement.principal.flatMap((principal) =>
    statement.action.flatMap((action) =>
      statement.resource.map((resource) => ({ statement, principal, action, resource })),
    ),
  );

const isWithin = (atom: Atom, statements: readonly Statement[], effect: Statement["effect"]): boolean =>
  statements.some(
    (other) =>
      other.effect === effect &&
      dimensions.every((name) => has(other, name, atom[name])) &&
      impliesAll(atom.statement.conditions, other.conditions),
  );

/** Puts atoms of one statement together again: those of the same principal and resource, then those of the same actions. */
function grants(verb: string, atoms: readonly Atom[], other: Document): Grant[] {
  return [...Map.groupBy(atoms, ({ statement }) => statement).values()].flatMap((own) => {
    const byPlace = Object.values(groupBy(own, ({ principal, resource }) => JSON.stringify([principal, resource])));
    const byActions = groupBy(byPlace, (group) => JSON.stringify(group.map(({ action }) => action)));
    return Object.values(byActions).map((groups) => grant(verb, groups.flat(), other));
  });
}

function grant(verb: string, atoms: readonly Atom[], other: Document): Grant {
  const [first] = atoms;
  if (!first) throw new Error("A grant has at least one atom.");
  const parts = (name: Dimension) => uniq(atoms.map((atom) => atom[name]));
  const own: Statement = {
    ...first.statement,
    principal: parts("principal"),
    action: parts("action"),
    resource: parts("resource"),
  };
  // The nearest statement covers the permissions in most dimensions.
  const score = (statement: Statement) => sumBy(dimensions, (name) => Number(has(statement, name, first[name])));
  const nearest = maxBy(
    other.statements.filter(({ effect }) => effect === own.effect),
    score,
  );
  const isNear = nearest !== undefined && has(nearest, "action", first.action) && score(nearest) > 1;
  const dropped = isNear ? unmet(own.conditions, nearest.conditions) : [];
  return {
    text: `${verb} ${statementInWords(own)}`,
    given: statementInWords(own),
    nearest: isNear ? statementInWords(nearest) : undefined,
    dropped: dropped.length > 0 ? conditionsInWords(dropped) : undefined,
    opens: own.effect === "Allow" ? openingOf(own) : undefined,
  };
}

function openingOf({ principal, action, resource, namesPrincipals }: Statement): Opening | undefined {
  const has = (parts: readonly Part[], pattern: RegExp) =>
    parts.some(({ isExcept, patterns }) => isExcept || patterns.some((one) => pattern.test(one)));
  if (namesPrincipals)
    return has(principal, /^\*$/) ? "everyone" : has(principal, /^(?!Service:)/) ? "others" : undefined;
  if (!has(resource, /^\*$/)) return undefined;
  return has(action, /^\*$/) ? "everyone" : has(action, /\*$/) ? "others" : undefined;
}
