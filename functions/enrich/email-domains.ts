import { once } from "../runtime/once.ts";

export interface DomainKind {
  readonly freeMail: boolean;
  readonly disposable: boolean;
}

/** Free mailboxes, mailboxes of internet providers and forwarding addresses that the lists do not have. */
const moreFreeMail = new Set(
  (
    "012.net.il a1.net airtelmail.in anonaddy.com anonaddy.me au.com azet.sk bbox.fr bezeqint.net biglobe.ne.jp bsnl.in bredband.net caiway.nl chello.at chello.nl " +
    "citromail.hu comhem.se disroot.org dreamwiz.com duck.com eim.ae emirates.net.ae fastmail.com fastmail.fm frisurf.no gmx.us " +
    "hccnet.nl hispeed.ch icloud.com.cn in.com jubii.dk kakao.com keemail.me kolabnow.com kpnmail.nl magenta.de mail.dk mail.kz mail.ua meta.ua mozmail.com mweb.co.za nifty.com " +
    "ocn.ne.jp one.lt online.no pacific.net.sg passport.com proximus.be riseup.net sancharnet.in scarlet.be sify.com simplelogin.com slingshot.co.nz " +
    "so-net.ne.jp startmail.com stofanet.dk streamyx.com sunrise.ch superonline.com telia.com telkomsa.net tlen.pl ttmail.com " +
    "tuta.com tuta.io tutamail.com tutanota.com tutanota.de turk.net vodafone.de vodamail.co.za vsnl.net wanadoo.nl ya.com zeelandnet.nl " +
    "ziggomail.com zohomail.eu zoznam.sk"
  ).split(" "),
);

/** Providers that have a domain in nearly every country. */
const worldwide = /^(?:gmx|googlemail|hotmail|outlook|rocketmail|yahoo|yandex|ymail)\.[a-z]{2,3}(?:\.[a-z]{2})?$/;

/** Companies that the lists have because their services send emails. */
const companies = new Set([
  "alibaba.com",
  "ancestry.com",
  "bt.com",
  "disney.ne.jp",
  "emailer.hubspot.com",
  "example.com",
  "facebook.com",
]);

/** The lists are large, so they are loaded with the first lead. */
const load = once(async () => {
  const [providers, freeDomains, disposable, moreDisposable, wildcards] = await Promise.all([
    import("email-providers/all.json", { with: { type: "json" } }),
    import("free-email-domains-typescript"),
    import("disposable-email-domains/index.json", { with: { type: "json" } }),
    import("fakefilter/json/data.json", { with: { type: "json" } }),
    import("disposable-email-domains/wildcard.json", { with: { type: "json" } }),
  ]);
  return {
    providers: new Set([...providers.default, ...freeDomains.default.freeEmailDomains]),
    disposable: new Set([...disposable.default, ...Object.keys(moreDisposable.default.domains)]),
    /** Domains of which every subdomain is disposable. */
    wildcards: new Set(wildcards.default),
  };
});

/** Looks a domain (ASCII, lower case) up in the lists of free and of disposable providers. */
export async function domainKind(domain: string): Promise<DomainKind> {
  if (moreFreeMail.has(domain) || worldwide.test(domain)) return { freeMail: true, disposable: false };
  if (companies.has(domain)) return { freeMail: false, disposable: false };
  const { providers, disposable, wildcards } = await load();
  const isDisposable = disposable.has(domain) || isWithin(domain, wildcards);
  return { freeMail: !isDisposable && providers.has(domain), disposable: isDisposable };
}

/** Whether a list has the domain or a domain above it. */
function isWithin(domain: string, list: ReadonlySet<string>): boolean {
  if (list.has(domain)) return true;
  const dot = domain.indexOf(".");
  return dot !== -1 && isWithin(domain.slice(dot + 1), list);
}
