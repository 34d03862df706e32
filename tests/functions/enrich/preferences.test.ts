import { suite } from "uvu";
import * as assert from "uvu/assert";
import { consentIn, languageIn } from "../../../functions/enrich/preferences.ts";
import { boundedText as text } from "../../../functions/lead/text.ts";

const preferences = suite("preferences");

for (const [given, expected] of [
  ["true", { given: true }],
  ["Yes", { given: true }],
  ["on", { given: true }],
  ["1", { given: true }],
  ["Ja", { given: true }],
  ["I agree to receive emails.", { given: true, text: "I agree to receive emails." }],
  ["Ich stimme der Verarbeitung zu", { given: true, text: "Ich stimme der Verarbeitung zu" }],
  ["false", { given: false }],
  ["No", { given: false }],
  ["0", { given: false }],
  ["nein", { given: false }],
  ["I do not agree", undefined],
  ["I agree that you may not call me", undefined],
  ["Ich stimme der Verarbeitung nicht zu", undefined],
  ["marketing", undefined],
  ["Receive our newsletter", undefined],
  [undefined, undefined],
] as const) {
  preferences(`consent of ${given} is ${JSON.stringify(expected)}`, () =>
    assert.equal(consentIn(text(given)), expected),
  );
}

preferences("a consent with a denial somewhere in a long text is not understood", () => {
  const words = "to hear of news and offers ".repeat(60);
  assert.equal(consentIn(text(`I agree ${words}`)), { given: true, text: `I agree ${words}`.slice(0, 1000).trim() });
  assert.is(consentIn(text(`I agree ${words}but not by phone`)), undefined);
});

for (const [given, expected] of [
  ["de", "de"],
  ["DE", "de"],
  ["pt_BR", "pt-BR"],
  ["pt-br", "pt-BR"],
  ["deu", "de"],
  ["zh-Hant-TW", "zh-Hant-TW"],
  ["en-US,en;q=0.9", "en-US"],
  ["en_US.UTF-8", "en-US"],
  ["German", "de"],
  ["English (US)", "en"],
  ["Deutsch", "de"],
  ["français", "fr"],
  ["Klingonese", undefined],
  ["xx", undefined],
  ["de-DE-u-co-phonebk", "de-DE"],
  ["-", undefined],
  [undefined, undefined],
] as const) {
  preferences(`the language of ${given} is ${expected}`, () => assert.is(languageIn(text(given)), expected));
}

preferences.run();
