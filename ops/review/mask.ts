import { isPlainObject } from "es-toolkit";

/** Private characters of Unicode around the number that tells a masked value from others. JSON keeps them as they are. */
const [open, close] = ["\uE000", "\uE001"];
const sensitive = "(sensitive)";

/** A character of a URL, in a text or in JSON. */
const urlCharacter = "[^\\s\"'\\\\<>]";

/**
 * Texts that are secrets, or hold one, although nothing marks them: URLs of webhooks, secrets of Standard Webhooks, tokens,
 * access keys, passwords and tokens in URLs, private keys.
 */
const secrets = new RegExp(
  [
    `https?://${urlCharacter}*(?:webhook|hooks?[./]|/integration/)${urlCharacter}*`,
    "\\bwhsec_[\\w+/=-]+",
    "\\bxox[a-z]-[\\w-]+",
    "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b",
    "\\b(?:gh[pousr]|github_pat|pat-[a-z]{2}\\d|[sr]k_live|[sr]k_test)[-_][\\w-]{16,}",
    "(?<=://[^\\s/:@]{0,100}:)[^\\s/@]+(?=@)",
    `(?<=[?&](?:token|key|secret|sig|signature|password|code)=)[^&\\s"'\\\\<>]+`,
    "-----BEGIN[A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END[A-Z ]*PRIVATE KEY-----|$)",
  ].join("|"),
  "gi",
);

/** Names of attributes and variables whose text is a secret. Paths and ARNs of secrets are none. */
const secretName = /password|passwd|secret|token|private_?key|api_?key|webhook|credential/i;
const isReference = /^(?:|\/.*|arn:.*|true|false|\d+)$/;

/**
 * Hides sensitive values. Equal values get equal masks and different ones different masks, so that a change of a secret can be
 * seen and its value cannot.
 */
export class Mask {
  private readonly numbers = new Map<string, number>();

  /**
   * Hides what is marked, and what looks like a secret.
   * @param marks as in a plan's `before_sensitive`: true, or lists and objects that hold true
   */
  value(value: unknown, marks: unknown, name = ""): unknown {
    if (value === null || value === undefined) return value;
    if (marks === true) return this.of(JSON.stringify(value));
    if (typeof value === "string") {
      if (secretName.test(name) && !isReference.test(value) && !/^[[{]/.test(value)) return this.of(value);
      return value.replaceAll(secrets, (secret) => this.of(secret));
    }
    if (Array.isArray(value)) {
      return value.map((one, index) => this.value(one, Array.isArray(marks) ? marks[index] : undefined, name));
    }
    if (!isPlainObject(value)) return value;
    const below = isPlainObject(marks) ? marks : {};
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.value(one, below[key], key)]));
  }

  private of(secret: string): string {
    const number = this.numbers.get(secret) ?? this.numbers.size;
    this.numbers.set(secret, number);
    return `${sensitive}${open}${number}${close}`;
  }
}

/** What may be shown of a text: masks without their numbers, and nothing that looks like a secret. */
export const withoutSecrets = (text: string): string =>
  text.replaceAll(secrets, sensitive).replaceAll(new RegExp(`${open}\\d+${close}`, "g"), "");
