import { EventEmitter, once } from "node:events";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Door } from "../../../local/faults/door.ts";
import { manners, Outage, type OutageName, outageNames } from "../../../local/faults/outage.ts";
import { PostLog } from "../../../local/faults/post-log.ts";
import { countPostponed } from "../../../local/faults/postponed.ts";
import { outagePassed, runOutage } from "../../../local/faults/run-outage.ts";
import { type Platform, startPlatform } from "../../../local/platform.ts";
import { httpServer } from "../../helpers/http-server.ts";
import { sharedBundles } from "../../helpers/shared-bundles.ts";
import { faultStack, logLine } from "./fault-fixtures.ts";
import { newLead } from "./fault-steps.ts";

/** Why a request got no answer: the network's error code. */
const codeOf = (url: string): Promise<unknown> =>
  fetch(url).then(
    ({ status }) => status,
    ({ cause }) => cause.code,
  );

const door = suite("door of a service");

door("passes requests on, refuses connections for a while, and opens at the same URL again", async () => {
  await using gateway = await httpServer((_, response) => response.end("ok"));
  const opened = new Door();
  await opened.start();
  opened.target = gateway.url;
  assert.is(await codeOf(opened.url), 200);
  const again = await opened.refuse();
  assert.is(await codeOf(opened.url), "ECONNREFUSED");
  await again();
  assert.is(await codeOf(opened.url), 200);
  await opened.stop();
});

door("ends the connections that it passed on when it refuses new ones, or stops", async () => {
  const arrivals = new EventEmitter();
  await using gateway = await httpServer(() => arrivals.emit("request"));
  const opened = new Door();
  await opened.start();
  opened.target = gateway.url;
  const passedOn = async () => {
    const came = once(arrivals, "request");
    const code = codeOf(opened.url);
    await came;
    return { code };
  };
  const first = await passedOn();
  const again = await opened.refuse();
  assert.is(await first.code, "UND_ERR_SOCKET");
  await again();
  const second = await passedOn();
  await opened.stop();
  assert.is(await second.code, "UND_ERR_SOCKET");
});

door.run();

/** A running pipeline whose services an outage takes down. */
async function withOutage(
  name: OutageName,
  use: (parts: { platform: Platform; outage: Outage; posts: PostLog }) => Promise<void>,
): Promise<void> {
  const outage = new Outage(name);
  await outage.start();
  const { intercept, variables } = outage;
  const platform = await startPlatform({ stackDir: await faultStack(), intercept, variables });
  try {
    outage.attach(platform);
    await use({ platform, outage, posts: new PostLog(platform, outage) });
  } finally {
    await platform.stop();
    await outage.stop();
  }
}

const running = suite("outage");

running("storage is down for enrich by refused connections, by 5xx and by silence, and ingest accepts leads", () =>
  withOutage("storage", async ({ platform, outage }) => {
    const seen = { refused: "ECONNREFUSED", "answered 5xx": "ServiceUnavailable", silent: "TimeoutError" };
    for (const manner of manners) {
      await outage.change(manner);
      const failure = logLine(
        platform,
        ({ service, errorClass, errorCode }) =>
          service === "enrich" && [errorClass, errorCode].includes(seen[manner] as string),
      );
      assert.is((await platform.crm.sendLead("website", newLead())).status, 202);
      await failure;
    }
    await outage.change(undefined);
    const announced = once(platform.slack, "message");
    await platform.crm.sendLead("website", newLead());
    await announced;
  }),
);

for (const [manner, isUncertain] of [
  ["refused", false],
  ["answered 5xx", true],
] as const) {
  const what = isUncertain ? "leaves it uncertain" : "proves";
  running(`slack+email: SES ${manner} ${what} that nobody got an email`, () =>
    withOutage("slack+email", async ({ platform, outage }) => {
      const uncertain: string[] = [];
      outage.on("uncertain", (text) => uncertain.push(text));
      const failed = logLine(platform, ({ message }) => String(message).startsWith("neither Slack nor email"));
      await outage.change(manner);
      const { leadIds } = await platform.crm.sendLead("website", newLead());
      await failed;
      assert.is(
        uncertain.some((text) => text.includes(leadIds[0] ?? "")),
        isUncertain,
      );
    }),
  );
}

running("secrets: idle functions that are to miss them start cold, and no others", async () => {
  const ended: string[] = [];
  const names = ["leadwire-dev-ingest", "leadwire-dev-enrich", "leadwire-dev-notify"];
  const functions = new Map(names.map((name) => [name, { endIdle: async () => void ended.push(name) }]));
  for (const name of outageNames) {
    const outage = new Outage(name);
    outage.attach({ functions, chats: {}, gateway: { url: "" } } as unknown as Platform);
    await outage.change("silent");
    assert.equal(ended.splice(0), name === "secrets" ? names.slice(1) : [], name);
  }
});

running("only functions of the outage reach the service by its door", async () => {
  const outage = new Outage("storage");
  await outage.start();
  assert.equal(outage.variables("leadwire-dev-ingest"), {});
  assert.match(outage.variables("leadwire-dev-enrich").AWS_ENDPOINT_URL_S3 ?? "", /^http:\/\/127\.0\.0\.1:\d+$/);
  await outage.stop();
});

running("a message that a function sends with a delay is postponed, alone or in a batch", () => {
  const listeners: ((answered: unknown) => void)[] = [];
  const gateway = { on: (_: string, listener: (answered: unknown) => void) => listeners.push(listener) };
  const postponed = countPostponed({ gateway } as unknown as Platform);
  const answered = (kind: string, operation: string, parameters: object, status = 200) => {
    for (const listener of listeners)
      listener({ call: { caller: { kind }, operation, parameters }, answer: { status } });
  };
  answered("role", "SendMessage", { DelaySeconds: 3 });
  answered("role", "SendMessageBatch", { Entries: [{ DelaySeconds: 1 }, { DelaySeconds: 900 }, {}] });
  assert.is(postponed(), 3);
  answered("role", "SendMessage", {});
  answered("role", "SendMessage", { DelaySeconds: 3 }, 500);
  answered("service", "SendMessage", { DelaySeconds: 3 });
  assert.is(postponed(), 3);
});

running("a whole run: leads come before and during the outage, and each is announced once after it", async () => {
  const printed: string[] = [];
  const summary = await runOutage(
    "storage",
    {
      env: "dev",
      outage: "storage",
      leads: 6,
      seed: 7,
      minutes: 0.1,
      faults: undefined,
      silent: undefined,
      json: false,
    },
    { print: (line) => printed.push(line), bundles: await sharedBundles() },
  );
  assert.ok(outagePassed(summary), JSON.stringify(summary));
  const { outage, minutes, sent, accepted, announced, lost } = summary;
  const expected = { outage: "storage", minutes: 0.1, sent: 11, accepted: 11, announced: 11, lost: [] };
  assert.equal({ outage, minutes, sent, accepted, announced, lost }, expected);
  assert.ok(summary.postponed > 0, "no message was postponed");
  assert.ok(summary.lastAnnouncedAfterSeconds > 0, "nothing was announced after the outage");
  assert.equal(printed.slice(0, 4), [
    ...manners.map((manner) => `storage: ${manner} for 2.0 s`),
    "the outage is over; waiting until everything is announced",
  ]);
});

running.run();
