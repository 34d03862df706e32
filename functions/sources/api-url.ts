import type { SettingRule } from "./declaration.ts";

const isLoopback = ({ protocol, hostname }: URL) => protocol === "http:" && /^(127\.0\.0\.1|localhost)$/.test(hostname);

/** Whether a text is the origin of an API to which a token can be sent: by https, or to this machine. */
function isApiOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.origin === text && (url.protocol === "https:" || isLoopback(url));
}

/** The setting with the address of a vendor's API. @param standard the address that it has when the setting is unset */
export const apiUrlSetting = (standard: string) =>
  ({
    type: "string",
    bound: "an https address without a path, such as https://api.example.com",
    reason: "Records are fetched there, with the token.",
    check: isApiOrigin,
    default: standard,
  }) as const satisfies SettingRule;
