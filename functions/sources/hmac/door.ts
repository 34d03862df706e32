import type { SettingValues } from "../declaration.ts";
import type { Door } from "../door.ts";
import { eventsInBody, identityBy } from "../general-events.ts";
import type { hmacSettings } from "../general-settings.ts";
import { type HmacRule, verifyHmac } from "../verify/hmac.ts";

type Settings = Required<SettingValues<typeof hmacSettings>>;

/** Any sender that signs the body by HMAC-SHA256, as the settings say. */
export const door: Door = {
  verify(request, context) {
    verifyHmac(ruleOf(context.settings as Settings), request, context);
  },
  split: ({ body }, { settings }) => eventsInBody(body, identityBy(settings as Settings)),
};

function ruleOf({ header, encoding, prefix, signedContent, ...time }: Settings): HmacRule {
  const [before = "", after = ""] = signedContent.split("{body}");
  return {
    header: header.toLowerCase(),
    encoding: encoding as HmacRule["encoding"],
    prefix,
    ...(signedContent.includes("{timestamp}") && {
      timestamp: {
        header: time.timestampHeader.toLowerCase(),
        unit: time.timestampUnit as "seconds" | "milliseconds",
        toleranceSeconds: time.toleranceSeconds,
      },
    }),
    signed({ body }, timestamp) {
      const withTime = (text: string) => text.replace("{timestamp}", timestamp);
      return [withTime(before), body, withTime(after)];
    },
  };
}
