import type { Platform } from "../platform.ts";
import { announcementsIn } from "./announcements.ts";
import { emailText, type Outage } from "./outage.ts";

/** A post that held a lead, as the services saw it: an announcement with or without a mark, or nobody can know. */
export type Post = "marked" | "unmarked" | "uncertain";

/** Leads by what is wrong with their marks. */
export interface Marks {
  /** Leads with an announcement that says that it may be a repeat. */
  readonly marked: number;
  /** Short names of leads whose first post says so, although there was none before it. */
  readonly wronglyMarked: readonly string[];
  /** Short names of leads whose later post does not say so. */
  readonly wronglyUnmarked: readonly string[];
}

/** Follows the posts of each lead by what chats and SES see of them, whatever the functions say about it. */
export class PostLog {
  /** Epoch milliseconds of the last announcement. */
  lastAnnouncedAt = 0;
  readonly #posts = new Map<string, Post[]>();

  constructor({ chats, gateway }: Platform, outage: Outage) {
    for (const chat of Object.values(chats)) {
      chat.on("message", ({ payload }) => this.#announced(JSON.stringify(payload)));
      chat.on("uncertain", (body) => this.#uncertain(body));
    }
    outage.on("uncertain", (text) => this.#uncertain(text));
    gateway.on("answered", ({ call, answer }) => {
      if (answer.status === 200) this.#announced(emailText(call) ?? "");
    });
  }

  marks(): Marks {
    return marksOf(this.#posts);
  }

  #announced(text: string): void {
    for (const { ref, marked } of announcementsIn(text)) {
      this.lastAnnouncedAt = Date.now();
      this.#add(ref, marked ? "marked" : "unmarked");
    }
  }

  #uncertain(text: string): void {
    for (const { ref } of announcementsIn(text)) this.#add(ref, "uncertain");
  }

  #add(ref: string, post: Post): void {
    this.#posts.set(ref, [...(this.#posts.get(ref) ?? []), post]);
  }
}

/** @param posts of each lead, the earliest first */
export function marksOf(posts: ReadonlyMap<string, readonly Post[]>): Marks {
  const refs = (fits: (posts: readonly Post[]) => boolean) =>
    [...posts].flatMap(([ref, all]) => (fits(all) ? [ref] : []));
  return {
    marked: refs((all) => all.includes("marked")).length,
    wronglyMarked: refs(([first]) => first === "marked"),
    wronglyUnmarked: refs(([, ...later]) => later.includes("unmarked")),
  };
}
