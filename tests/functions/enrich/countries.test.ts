import { readFileSync } from "node:fs";
import countryNames from "i18n-iso-countries";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { countryCode } from "../../../functions/enrich/countries.ts";
import { boundedText as text } from "../../../functions/lead/text.ts";

const countries = suite("countries");

for (const [given, expected] of [
  ["de", "DE"],
  ["DEU", "DE"],
  ["CA", "CA"],
  ["NO", "NO"],
  ["Germany", "DE"],
  ["united states of america", "US"],
  ["Cote d'Ivoire", "CI"],
  // Short forms.
  ["USA", "US"],
  ["U.S.A.", "US"],
  ["U.S.", "US"],
  ["UK", "GB"],
  ["U.K.", "GB"],
  ["England", "GB"],
  ["Scotland", "GB"],
  ["Holland", "NL"],
  ["The Netherlands", "NL"],
  ["UAE", "AE"],
  ["South Korea", "KR"],
  ["DR Congo", "CD"],
  ["Republic of Ireland", "IE"],
  ["États-Unis", "US"],
  ["المملكة العربية السعودية", "SA"],
  // Other languages.
  ["Deutschland", "DE"],
  ["Österreich", "AT"],
  ["Osterreich", "AT"],
  ["Alemania", "DE"],
  ["España", "ES"],
  ["Россия", "RU"],
  ["Ελλάδα", "GR"],
  ["ドイツ", "DE"],
  ["대한민국", "KR"],
  ["中国", "CN"],
  ["Türkiye", "TR"],
  ["Tschechien", "CZ"],
  ["Corea del Sur", "KR"],
  ["Stati Uniti", "US"],
  ["Holanda", "NL"],
  ["台灣", "TW"],
  // Beside other words.
  ["Germany (DE)", "DE"],
  ["DE - Germany", "DE"],
  ["Munich, Germany", "DE"],
  ["London, UK", "GB"],
  ["Georgia, USA", "US"],
  ["CA, USA", "US"],
  ["Korea, Republic of", "KR"],
  ["Korea (the Republic of)", "KR"],
  ["Iran, Islamic Republic of", "IR"],
  ["Virgin Islands, U.S.", "VI"],
  ["Samoa, American", "AS"],
  ["Ireland, Northern", "GB"],
] as const) {
  countries(`${given} is ${expected}`, async () => assert.is(await countryCode(text(given)), expected));
}

for (const [expected, names] of [
  ["AE", "U.A.E.|Emirates|الإمارات|دولة الإمارات العربية المتحدة"],
  ["BA", "Bosnia|Bosnien"],
  ["BY", "Weißrussland|Weissrussland"],
  ["CD", "DRC|Democratic Republic of Congo"],
  ["CG", "Republic of Congo"],
  ["CN", "P.R. China|PR China|Mainland China"],
  ["CZ", "Czech Rep."],
  ["DE", "BRD"],
  ["GB", "U. K.|Britain|Wales|Northern Ireland|Angleterre|Schottland|Inglaterra|Escocia"],
  ["GB", "United Kingdom of Great Britain and Northern Ireland"],
  ["HK", "Hong Kong SAR|Hong Kong China"],
  ["JP", "日本国"],
  ["KP", "Democratic People's Republic of Korea|DPRK"],
  ["KR", "Korea ROK"],
  ["LA", "Lao PDR"],
  ["MO", "Macau SAR|Macao SAR China"],
  ["NL", "Hollande"],
  ["RU", "РФ"],
  ["SA", "KSA|Saudi|Kingdom of Saudi Arabia"],
  ["SK", "Slovak Republic|Slovak Rep."],
  ["TH", "ประเทศไทย"],
  ["TL", "East Timor"],
  ["TT", "Trinidad"],
  ["US", "America|アメリカ|EUA|EEUU|EE.UU.|E. U. A."],
  ["VA", "Vatican"],
] as const) {
  countries(`${names.replaceAll("|", ", ")} is ${expected}`, async () => {
    for (const name of names.split("|")) assert.is(await countryCode(text(name)), expected, name);
  });
}

for (const given of [
  "Congo",
  "Kongo",
  "Georgia",
  "Korea",
  "Virgin Islands",
  "Virgin Islands (US)",
  "Saint Martin",
  "St. Martin",
  "Sint Maarten",
  "San Francisco, CA",
  "Atlanta, GA",
  "Texas",
  "Germany/Austria",
  "Deutschland, Österreich",
  "UK / Ireland",
  "No",
  "US and Canada",
  "Atlantis",
  "NA",
  "n/a",
  "no",
  "276",
  "Y",
  "Man",
  "Nga",
  "-",
  undefined,
]) {
  countries(`${given} is none, or more than one`, async () => assert.is(await countryCode(text(given)), undefined));
}

countries("docs/flow.md says in how many languages", () => {
  assert.match(readFileSync("docs/flow.md", "utf8"), `any of ${countryNames.getSupportedLanguages().length} languages`);
});

countries.run();
