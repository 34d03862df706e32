import type { SESv2Client } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { reachable } from "../../../functions/notify/suppression.ts";
import { failureOf } from "../../helpers/failure.ts";
import { awsError, recordedLog } from "../../helpers/fakes.ts";

const notListed = awsError("NotFoundException", 404);

/** An SES that knows the suppressed addresses, or fails in a way of its own. */
function sesWith(suppressed: readonly string[], fail?: (signal: AbortSignal) => Promise<never>) {
  const asked: string[] = [];
  const send = async (
    { input: { EmailAddress } }: { input: { EmailAddress: string } },
    { abortSignal }: { abortSignal: AbortSignal },
  ) => {
    asked.push(EmailAddress);
    if (fail) return fail(abortSignal);
    if (!suppressed.includes(EmailAddress)) throw notListed;
    return {};
  };
  return { ses: { send } as unknown as SESv2Client, asked };
}
const [a, b, c] = ["a@example.com", "b@example.com", "c@example.com"] as const;

const suppression = suite("suppression");

suppression("one recipient who can be reached is enough, and nobody after him is asked about", async () => {
  const { ses, asked } = sesWith([a]);
  const log = recordedLog();
  await reachable(ses, [a, b, c], log)();
  assert.equal([asked, log.lines], [[a, b], []]);
});

suppression("an email that would reach nobody is refused, and the error names no address", async () => {
  const { ses } = sesWith([a, b]);
  const { name, message } = await failureOf(reachable(ses, [a, b], recordedLog())());
  assert.equal(
    [name, message],
    ["RecipientsSuppressedError", "All 2 recipients are on the account's suppression list."],
  );
});

for (const [problem, fail] of [
  ["throttled", async () => Promise.reject(awsError("TooManyRequestsException", 429))],
  ["denied", async () => Promise.reject(awsError("AccessDeniedException", 403))],
  [
    "slow",
    (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  ],
] as const) {
  suppression(`when asking is ${problem} the email is sent all the same, and the log says so`, async () => {
    const { ses } = sesWith([a], fail);
    const log = recordedLog();
    const alive = setTimeout(() => {}, 1000);
    await reachable(ses, [a], log, { milliseconds: 50 })();
    clearTimeout(alive);
    assert.equal(
      log.lines.map(({ level }) => level),
      ["warn"],
    );
    assert.not.match(JSON.stringify(log.lines), "example.com");
  });
}

suppression("an answer holds for a minute, and stands in for one that cannot be had", async () => {
  const clock = { now: 0 };
  let throttled = false;
  const { ses, asked } = sesWith([a]);
  const client = {
    send: (...args: Parameters<SESv2Client["send"]>) =>
      throttled ? Promise.reject(awsError("TooManyRequestsException", 429)) : ses.send(...args),
  } as unknown as SESv2Client;
  const log = recordedLog();
  const requireReachable = reachable(client, [a], log, { now: () => clock.now });
  const outcome = () =>
    requireReachable().then(
      () => "reachable",
      ({ name }: Error) => name,
    );
  assert.equal(
    [await outcome(), await outcome(), asked.length],
    ["RecipientsSuppressedError", "RecipientsSuppressedError", 1],
  );
  clock.now += 60_000;
  throttled = true;
  assert.equal([await outcome(), log.lines.length], ["RecipientsSuppressedError", 1]);
});

suppression.run();
