import type { WorkerTuning } from "../../modules/tuning/knobs.ts";
import { asRecord, type LambdaFunction, succeeded } from "../lambda.ts";
import type { Message, Queue } from "../services/sqs.ts";
import type { World } from "../world.ts";
import type { Pace } from "./times.ts";

/** Pollers that Lambda begins with, and those that it adds in a second while messages wait. */
const [firstPollers, addedPollers] = [5, 300 / 60];
/** Messages in a call of SQS. */
const callSize = 10;
/** With any window Lambda may wait so long while there is little traffic. */
const quietMilliseconds = 20_000;

/** Collects one batch at a time and waits for its invocation. */
interface Poller {
  batch: Message[];
  isWaiting: boolean;
  cancelWindow: () => void;
}

type Settings = Pick<WorkerTuning, "batchSize" | "batchingWindowSeconds" | "maximumConcurrency">;

/**
 * An event source mapping with Lambda's pollers, which take messages in turn. At the end of a window, a batch of fewer messages
 * than a call of SQS brings waits until 20 s are over, the longest that Lambda waits with little traffic.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function pollQueue(
  queue: Queue,
  fn: Pick<LambdaFunction, "invoke">,
  { batchSize, batchingWindowSeconds, maximumConcurrency }: Settings,
  { clock, random }: World,
  { usage, concurrency }: Pace,
): void {
  const most = Math.min(maximumConcurrency, concurrency);
  const windowMilliseconds = batchingWindowSeconds * 1000;
  const pollers: Poller[] = [];
  let busySince = clock.now();
  let turn = 0;
  let isScaling = false;

  const count = () => Math.min(most, Math.floor(firstPollers + (addedPollers * (clock.now() - busySince)) / 1000));
  const nextFree = (): Poller | undefined => {
    while (pollers.length < count()) pollers.push({ batch: [], isWaiting: false, cancelWindow: () => {} });
    const free = pollers.findIndex((_, index) => !pollers[(turn + index) % pollers.length]?.isWaiting);
    if (free === -1) return undefined;
    turn = (turn + free + 1) % pollers.length;
    return pollers.at(turn - 1);
  };
  const invoke = (poller: Poller) => {
    poller.cancelWindow();
    const messages = poller.batch.splice(0);
    poller.isWaiting = true;
    fn.invoke({ Records: messages.map(asRecord) }, (answer) => {
      const done = succeeded(messages, answer);
      for (const { receipt } of done) queue.delete(receipt);
      usage.addCalls("sqs:DeleteMessageBatch", Math.ceil(done.length / callSize));
      poller.isWaiting = false;
      clock.after(0, poll);
    });
  };
  const beginWindow = (poller: Poller) => {
    poller.cancelWindow = clock.after(windowMilliseconds, () => {
      const isQuiet = poller.batch.length < callSize && windowMilliseconds < quietMilliseconds;
      if (!isQuiet) return invoke(poller);
      poller.cancelWindow = clock.after(quietMilliseconds - windowMilliseconds, () => invoke(poller));
    });
  };
  const scaleLater = () => {
    if (isScaling || count() === most) return;
    isScaling = true;
    clock.after(1000, () => {
      isScaling = false;
      poll();
    });
  };
  const poll = () => {
    for (let poller = nextFree(); poller; poller = nextFree()) {
      const received = queue.receive(Math.min(callSize, batchSize - poller.batch.length));
      if (received.length === 0) {
        if (pollers.every(({ isWaiting, batch }) => !isWaiting && batch.length === 0)) rest();
        return;
      }
      usage.addCalls("sqs:ReceiveMessage", 1);
      if (poller.batch.length === 0 && windowMilliseconds > 0) beginWindow(poller);
      poller.batch.push(...received);
      if (windowMilliseconds === 0 || poller.batch.length >= batchSize) invoke(poller);
    }
    scaleLater();
  };
  /** Lambda takes pollers away while there is nothing to do. */
  const rest = () => {
    pollers.length = 0;
    turn = 0;
    busySince = clock.now();
  };
  queue.onVisible = () => clock.after(random.between(0, 50), poll);
}
