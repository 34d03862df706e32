import { suite } from "uvu";
import * as assert from "uvu/assert";
import { faultNames } from "../../../local/faults/faults.ts";
import { sendLoad } from "../../../local/faults/load.ts";
import type { RunAudit } from "../../../local/faults/run-audit.ts";
import { faultSchedule } from "../../../local/faults/schedule.ts";
import type { Platform } from "../../../local/platform.ts";
import { seededRandom } from "../../../local/random.ts";
import { recordedPauses } from "../../helpers/time-limits.ts";

const minute = 60_000;
const drawn = (seed: number, milliseconds: number) => faultSchedule(seededRandom(seed), milliseconds);

const schedule = suite("faults :: schedule");

schedule("has every fault at least once, in a run of any length", () => {
  for (const milliseconds of [0.1 * minute, minute, 30 * minute]) {
    const names = new Set(drawn(1, milliseconds).map(({ fault }) => fault));
    assert.equal([...names].sort(), faultNames.toSorted());
  }
});

schedule("has every fault once a minute in a long run", () => {
  assert.is(drawn(1, 30 * minute).length, 30 * faultNames.length);
});

schedule("keeps every fault within the run, on for some time and for some of the calls, sorted by start", () => {
  for (const seed of [1, 2, 3]) {
    const windows = drawn(seed, 0.2 * minute);
    for (const { from, until, share } of windows) {
      assert.ok(from >= 0 && until > from && until <= 0.2 * minute, `${from} to ${until}`);
      assert.ok(share > 0 && share <= 1, `${share}`);
    }
    assert.equal(
      windows,
      windows.toSorted((a, b) => a.from - b.from),
    );
  }
});

schedule("has a fault on for half of a short run at most, and for 4 to 12 s of a long one", () => {
  const lasting = (milliseconds: number) => drawn(1, milliseconds).map(({ from, until }) => until - from);
  for (const time of lasting(0.1 * minute)) assert.ok(time <= 0.05 * minute + 1, `${time}`);
  for (const time of lasting(10 * minute)) assert.ok(time >= 3999 && time <= 12_001, `${time}`);
});

schedule("never has a fault on twice at the same time, since the end of one would be taken for the end of both", () => {
  for (const [fault, windows = []] of Object.entries(Object.groupBy(drawn(1, 30 * minute), ({ fault }) => fault))) {
    windows.forEach(({ from }, index) => {
      assert.ok(index === 0 || from >= (windows[index - 1]?.until ?? 0), `${fault} at ${from}`);
    });
  }
});

schedule("is the same for the same seed, and another for another", () => {
  assert.equal(drawn(7, minute), drawn(7, minute));
  assert.not.equal(drawn(7, minute), drawn(8, minute));
});

schedule("has the chosen faults only", () => {
  const windows = faultSchedule(seededRandom(1), minute, ["slack-down", "crm-twice"]);
  assert.equal(windows.map(({ fault }) => fault).sort(), ["crm-twice", "slack-down"]);
  assert.equal(faultSchedule(seededRandom(1), minute, []), []);
});

schedule.run();

const load = suite("faults :: load");

load("leads come evenly from every source in turn, the fifteenth as a list, and now and then twice", async () => {
  const sent: unknown[] = [];
  const crm = {
    sources: ["a", "b"],
    leadsInRequest: () => 3,
    signLeads: (source: string, data: readonly unknown[]) => [source, data.length],
    send: async (signed: unknown) => void sent.push(signed),
  };
  let asked = 0;
  const twice = () => {
    asked += 1;
    return asked === 1;
  };
  using pauses = recordedPauses();
  const options = { leads: 16, milliseconds: 160_000, seed: 1, random: () => 0.99, twice, losesEvents: () => true };
  await sendLoad({ crm } as unknown as Platform, {} as RunAudit, options);
  const [first, ...others] = Array.from({ length: 14 }, (_, index) => [index % 2 === 0 ? "a" : "b", 1]);
  assert.equal(sent, [first, first, ...others, ["a", 2]]);
  const [again, ...waits] = pauses.milliseconds;
  assert.is(again, 2970, "an event comes again within three seconds");
  assert.equal(
    waits.map((wait) => Math.round(wait / 10_000)),
    Array.from({ length: 14 }, (_, index) => index + 1),
  );
});

load.run();
