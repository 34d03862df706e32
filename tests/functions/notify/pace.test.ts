import { suite } from "uvu";
import * as assert from "uvu/assert";
import { dynamoPace, millisecondsBetweenPosts } from "../../../functions/notify/pace.ts";
import { ledgerTable } from "../../helpers/ledger-table.ts";

let table: Awaited<ReturnType<typeof ledgerTable>>;
let webhooks = 0;
const start = Date.parse("2026-03-01T12:00:00.000Z");

/** A pace with a clock of its own, and a webhook nobody has posted to. */
function setUp() {
  const clock = { now: start };
  webhooks += 1;
  const pace = dynamoPace(table.dynamo, "ledger", () => clock.now);
  const webhook = `webhook-${webhooks}`;
  const turn = async (latest = 60_000) => (await pace.takeTurn(webhook, clock.now + latest)) - start;
  return { clock, turn, pause: (ms: number) => pause(start + ms) };
  function pause(until: number) {
    return pace.pause(webhook, until);
  }
}

const pace = suite("pace");

pace.before(async () => {
  table = await ledgerTable();
});
pace.after(() => table.stop());

pace("gives the first turn at once, and the next ones a second apart", async () => {
  const { turn } = setUp();
  assert.equal([await turn(), await turn(), await turn()], [0, 1000, 2000]);
});

pace("gives a turn at once after a quiet time, and saves none up", async () => {
  const { turn, clock } = setUp();
  await turn();
  clock.now += 60_000;
  assert.equal([await turn(), await turn()], [60_000, 61_000]);
});

pace("gives each of many invocations a turn of its own", async () => {
  const { turn } = setUp();
  const turns = await Promise.all(Array.from({ length: 20 }, () => turn()));
  assert.equal(
    turns.sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, index) => index * millisecondsBetweenPosts),
  );
});

pace("keeps webhooks apart", async () => {
  const [one, other] = [setUp(), setUp()];
  assert.equal([await one.turn(), await other.turn()], [0, 0]);
});

pace("gives no turn during a pause that Slack asked for, and never shortens one", async () => {
  const { turn, pause } = setUp();
  await turn();
  await pause(30_000);
  await pause(5000);
  assert.equal([await turn(), await turn()], [30_000, 31_000]);
});

pace("takes no turn that comes too late, and tells when it would have begun", async () => {
  const { turn, pause } = setUp();
  await turn();
  await pause(30_000);
  assert.equal([await turn(10_000), await turn(10_000)], [30_000, 30_000]);
  assert.equal([await turn(30_000), await turn(30_000), await turn(30_000)], [30_000, 31_000, 31_000]);
});

pace.run();
