import codes from "i18n-iso-countries/codes.json" with { type: "json" };
import english from "i18n-iso-countries/langs/en.json" with { type: "json" };
import type { BoundedText } from "../lead/text.ts";
import { once } from "../runtime/once.ts";
import { line } from "./cleanse.ts";

/** The countries that a name can mean, as ISO 3166-1 alpha-2 codes. */
type Codes = ReadonlySet<string>;

const alpha2 = new Set(codes.map(([two]) => two));
const byAlpha3 = new Map(codes.map(([two, three]) => [three, two] as const));

/** What people write besides the names of ISO 3166-1. With several codes it is not known which one is meant. */
const shortForms = {
  "usa|u s a|us|u s|america|united states of america|etats unis|アメリカ": ["US"],
  "uk|u k|great britain|britain|england|scotland|wales|northern ireland|angleterre|schottland|inglaterra|escocia": [
    "GB",
  ],
  "united kingdom of great britain and northern ireland": ["GB"],
  "uae|u a e|emirates|الإمارات|دولة الإمارات العربية المتحدة": ["AE"],
  "republic of ireland|eire": ["IE"],
  "ksa|saudi|kingdom of saudi arabia|المملكة العربية السعودية": ["SA"],
  "p r china|pr china|mainland china|people s republic of china|中國": ["CN"],
  日本国: ["JP"],
  "east timor": ["TL"],
  vatican: ["VA"],
  "weißrussland|weissrussland": ["BY"],
  рф: ["RU"],
  "eua|eeuu|ee uu|e u a": ["US"],
  "holland|holanda|hollande|nederland": ["NL"],
  "deutschland|brd": ["DE"],
  "czechia|czech rep": ["CZ"],
  "slovak republic|slovak rep": ["SK"],
  "lao pdr": ["LA"],
  "bosnia|bosnien": ["BA"],
  trinidad: ["TT"],
  turkey: ["TR"],
  burma: ["MM"],
  "south korea|republic of korea|korea rok|韓国|韩国": ["KR"],
  ประเทศไทย: ["TH"],
  "democratic people s republic of korea|dprk": ["KP"],
  "dr congo|drc|democratic republic of congo|democratic republic of the congo|congo kinshasa": ["CD"],
  "republic of the congo|republic of congo|congo brazzaville": ["CG"],
  "hong kong sar|hong kong sar china|hong kong china": ["HK"],
  "macau sar|macao sar china|macau": ["MO"],
  // A state, and the short name of two countries.
  georgia: ["GE", "US"],
  "korea|corea": ["KR", "KP"],
  "congo|kongo": ["CG", "CD"],
  "virgin islands": ["VG", "VI"],
  "saint martin|st martin|sint maarten": ["MF", "SX"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Letters and digits in lower case without accents, words with one space between them. */
const folded = (name: string) =>
  name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim()
    .replace(/^the /, "");

/** Codes by folded name. Names of several countries have the codes of all of them. */
function codesByName(names: Iterable<readonly [name: string, codes: readonly string[]]>): Map<string, Codes> {
  const byName = new Map<string, Set<string>>();
  for (const [name, ofName] of names) {
    const key = folded(name);
    byName.set(key, new Set([...(byName.get(key) ?? []), ...ofName]));
  }
  return byName;
}

const englishAndShort = () => [
  ...Object.entries(english.countries).flatMap(([code, names]) =>
    [names].flat().map((name) => [name, [code]] as const),
  ),
  ...Object.entries(shortForms).flatMap(([names, ofNames]) => names.split("|").map((name) => [name, ofNames] as const)),
];
const englishNames = once(async () => codesByName(englishAndShort()));
const allNames = once(async () =>
  codesByName([...englishAndShort(), ...(await import("./country-names.ts")).namesInAllLanguages]),
);

/**
 * Finds a country by its ISO 3166-1 code, by its name in any language of i18n-iso-countries or by a short form, also beside
 * other words, as in `Munich, Germany` or `Germany (DE)`. The names of other languages are loaded when English does not help.
 * @returns its alpha-2 code; undefined for an unknown text and for one that can mean several countries
 */
export async function countryCode(text: BoundedText | undefined): Promise<string | undefined> {
  const name = line(text, 100);
  if (!name) return undefined;
  return codeOf(name) ?? only(namedCodes(name, await englishNames())) ?? countryNamed(name, await allNames());
}

/** "NA" and "no" are more often an answer than Namibia and Norway. */
const answers = /^(?:na|no|NA|No)$/;

function codeOf(name: string): string | undefined {
  const letters = name.replaceAll(".", "");
  const upper = letters.toUpperCase();
  if (!/^(?:[A-Za-z]{2}|[a-z]{3}|[A-Z]{3})$/.test(letters) || answers.test(letters)) return undefined;
  return alpha2.has(upper) ? upper : byAlpha3.get(upper);
}

const partsOf = (name: string) => name.split(/[,;/|()[\]]|\s[-–—]\s|\s\+\d+/).filter((part) => folded(part) !== "");

/** What a whole name means. `Korea, Republic of` is the Republic of Korea. */
const namedCodes = (name: string, names: ReadonlyMap<string, Codes>): Codes =>
  names.get(folded(name)) ?? names.get(folded(partsOf(name).toReversed().join(" "))) ?? none;
const none: Codes = new Set();

function countryNamed(name: string, names: ReadonlyMap<string, Codes>): string | undefined {
  const known = namedCodes(name, names);
  if (known.size > 0) return only(known);
  // A code beside other words can be a state's: CA, GA.
  const ofParts = partsOf(name)
    .filter((part) => !/^\s*(?!UK)[A-Z]{2}\s*$/.test(part))
    .flatMap((part) => names.get(folded(part)) ?? []);
  return only(new Set([...(ofParts[0] ?? [])].filter((code) => ofParts.every((ofPart) => ofPart.has(code)))));
}

const only = (found: Codes) => (found.size === 1 ? [...found][0] : undefined);
