/** The names of countries in all languages of i18n-iso-countries, half a megabyte: loaded for a name that is not English. */

import countries from "i18n-iso-countries";

/** A few Latin letters are too likely to be something else: `y` is Italy in Vietnamese, and `man` the Isle of Man in Polish. */
const tooShort = /^[\p{Script=Latin}\p{M}\s]{1,3}$/u;

/** Every name with its country's ISO 3166-1 alpha-2 code. */
export const namesInAllLanguages = countries
  .getSupportedLanguages()
  .flatMap((language) => Object.entries(countries.getNames(language, { select: "all" })))
  .flatMap(([code, names]) => names.filter((name) => !tooShort.test(name)).map((name) => [name, [code]] as const));
