import disposableDomains from "disposable-email-domains/index.json" with { type: "json" };
import wildcards from "disposable-email-domains/wildcard.json" with { type: "json" };
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { domainKind } from "../../../functions/enrich/email-domains.ts";

const [wildcard = ""] = wildcards;
const listed = disposableDomains.find((domain) => !wildcards.some((parent) => domain.endsWith(parent))) ?? "";

const domains = suite("email domains");

for (const [domain, freeMail, disposable] of [
  ["gmail.com", true, false],
  ["mail.gmail.com", false, false],
  ...[
    "gmx.ch",
    "ziggo.nl",
    "proximus.be",
    "fastmail.com",
    "tuta.com",
    "duck.com",
    "kakao.com",
    "mozmail.com",
    "yahoo.com.mx",
    "gmx.eu",
  ].map((domain) => [domain, true, false] as const),
  ...[
    "facebook.com",
    "alibaba.com",
    "ancestry.com",
    "disney.ne.jp",
    "emailer.hubspot.com",
    "siemens.com",
    "comcast.com",
    "bt.com",
    "stanford.edu",
    "example.com",
  ].map((domain) => [domain, false, false] as const),
  ["acme.example", false, false],
  ["mailinator.com", false, true],
  [listed, false, true],
  [`sub.${listed}`, false, false],
  [wildcard, false, true],
  [`sub.${wildcard}`, false, true],
  [`a.b.${wildcard}`, false, true],
  [`not${wildcard}`, false, false],
] as const) {
  const kind = disposable ? "disposable" : freeMail ? "free" : "neither";
  domains(`${domain} is ${kind}`, async () => assert.equal(await domainKind(domain), { freeMail, disposable }));
}

domains.run();
