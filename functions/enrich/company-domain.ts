import { getDomain } from "tldts-icann";
import type { Reading } from "../sources/reading.ts";
import { line } from "./cleanse.ts";
import type { Placed } from "./placed.ts";

/** Sites on which anybody can have a page, and those of tools that give a site a name below their own. */
const sharedSites = new Set(
  "amazon.com apple.com bit.ly blogspot.com business.site calendly.com canva.site carrd.co ebay.com etsy.com facebook.com framer.website github.com github.io goo.gl google.com instagram.com jimdo.com jimdofree.com jimdosite.com linkedin.com linktr.ee medium.com myshopify.com mystrikingly.com netlify.app notion.site pages.dev square.site squarespace.com substack.com t.me tiktok.com tripadvisor.com twitter.com vercel.app wa.me webflow.io webnode.com weebly.com whatsapp.com wixsite.com wordpress.com x.com xing.com yelp.com youtube.com".split(
    " ",
  ),
);

/** The registrable domain (example.co.uk) of the website, or else of a company's mailbox. */
export function companyDomain({ website }: Reading["fields"], mailboxDomain: string | undefined): Placed {
  const place = "company.domain";
  const domain = website && getDomain(line(website[0].text, 500) ?? "");
  if (domain && !sharedSites.has(domain)) return { place, value: domain, path: website[0].path };
  return { place, value: (mailboxDomain && getDomain(mailboxDomain)) ?? undefined };
}
