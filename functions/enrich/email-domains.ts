import { once } from "../runtime/once.ts";

export interface DomainKind {
  readonly freeMail: boolean;
  readonly disposable: boolean;
}

/** The lists are large, so they are loaded with the first lead. */
const load = once(async () => {
  const [providers, disposable, wildcards] = await Promise.all([
    import("email-providers/all.json", { with: { type: "json" } }),
    import("disposable-email-domains/index.json", { with: { type: "json" } }),
    import("disposable-email-domains/wildcard.json", { with: { type: "json" } }),
  ]);
  return {
    providers: new Set(providers.default),
    disposable: new Set(disposable.default),
    /** Domains of which every subdomain is disposable. */
    wildcards: new Set(wildcards.default),
  };
});

/** Looks a domain (ASCII, lower case) up in the lists of free and of disposable providers. */
export async function domainKind(domain: string): Promise<DomainKind> {
  const { providers, disposable, wildcards } = await load();
  const parents = domain.split(".").map((_, start, labels) => labels.slice(start).join("."));
  const isDisposable = disposable.has(domain) || parents.some((parent) => wildcards.has(parent));
  return { freeMail: !isDisposable && providers.has(domain), disposable: isDisposable };
}
