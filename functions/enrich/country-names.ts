/** The names of countries in all languages of i18n-iso-countries, half a megabyte: loaded for a name that is not English. */

import countries from "i18n-iso-countries";

/** A few Latin letters are too likely to be something else: `y` is Italy in Vietnamese, and `man` the Isle of Man in Polish. */
const tooShort = /^[\p{Script=Latin}\p{M}\s]{1,3}$/u;

/** Languages of which Unicode's names are taken too, because people use them more often: "Corea del Sur", "台灣". */
const unicodeLanguages = "es fr de it pt nl pl cs da sv nb fi tr ja zh-Hant ko ru uk ar el hu ro".split(" ");
const codes = Object.keys(countries.getAlpha2Codes());

/** Every name with its country's ISO 3166-1 alpha-2 code. */
export const namesInAllLanguages = [...isoNames(), ...unicodeNames()]
  .filter(([name]) => !tooShort.test(name))
  .map(([name, code]) => [name, [code]] as const);

function isoNames(): (readonly [name: string, code: string])[] {
  return countries.getSupportedLanguages().flatMap((language) => {
    const names = Object.entries(countries.getNames(language, { select: "all" }));
    return names.flatMap(([code, ofCode]) => ofCode.map((name) => [name, code] as const));
  });
}

function unicodeNames(): (readonly [name: string, code: string])[] {
  return unicodeLanguages.flatMap((language) => {
    const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    return codes.flatMap((code) => {
      const name = names.of(code);
      return name ? [[name, code] as const] : [];
    });
  });
}
