import { type BoundedText, maxTextLength } from "../lead/text.ts";
import { line, paragraphs } from "./cleanse.ts";

const yes =
  /^(?:true|yes|y|1|on|checked|granted|given|accepted|agreed|subscribed|opt(?:ed)?[- ]?in|ja|oui|sí|si|sì|sim|tak|ano|да)$|^(?:yes,? |ja,? |oui,? |sí,? )?(?:i (?:hereby )?(?:agree|consent|accept|would like|want)|ich (?:stimme|willige|akzeptiere|bin (?:damit )?einverstanden)|j['’]accepte|j['’]autorise|acepto|aceito|accetto|acconsento|ik ga akkoord)\b/i;
const no =
  /^(?:false|no|n|0|off|unchecked|denied|declined|withdrawn|refused|not given|unsubscribed|opt(?:ed)?[- ]?out|nein|non|nee|não|nao|nie|ne|нет)$/i;
/** A sentence with a denial in it can mean either. */
const denial = /\b(?:not|don['’]?t|nicht|kein|keine|pas|no|não|non|niet)\b/i;

/** What the person agreed to, where the text says clearly whether they did. */
export function consentIn(text: BoundedText | undefined): { given: boolean; text?: string } | undefined {
  const answer = line(text, maxTextLength);
  if (!text || !answer) return undefined;
  if (no.test(answer)) return { given: false };
  if (!yes.test(answer) || (answer.length > 20 && denial.test(answer))) return undefined;
  const said = paragraphs(text, 1000);
  return { given: true, ...(answer.includes(" ") && said && { text: said }) };
}

/** Languages that people and forms call by name, too. */
const named =
  "ar bg cs da de el en es et fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sr sv th tr uk vi zh".split(
    " ",
  );
let codesByName: ReadonlyMap<string, string> | undefined;

/** The language of a text such as `de`, `pt_BR`, `en-US,en;q=0.9`, `German` or `Deutsch`, as a code of BCP 47. */
export function languageIn(text: BoundedText | undefined): string | undefined {
  const given =
    line(text, 100)
      ?.split(/[,;.@(]/)[0]
      ?.trim() ?? "";
  codesByName ??= new Map(
    named.flatMap((code) =>
      ["en", code].map((inLanguage) => [
        new Intl.DisplayNames([inLanguage], { type: "language" }).of(code)?.toLowerCase() ?? code,
        code,
      ]),
    ),
  );
  return codesByName.get(given.toLowerCase()) ?? canonical(given.replaceAll("_", "-"));
}

/** A tag in its usual spelling; undefined if it is malformed or if nobody knows its language. */
function canonical(tag: string): string | undefined {
  try {
    const locale = new Intl.Locale(tag);
    const known = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" }).of(locale.language);
    return known && /^[a-z]{2,3}$/.test(locale.language) ? locale.baseName : undefined;
  } catch {
    return undefined;
  }
}
