import { open } from "node:fs/promises";

/**
 * The lines of a file.
 * @param more is asked at the end of the file: whether there may come more. It resolves when it is time to look
 */
export async function* linesOf(path: string, more: () => Promise<boolean>): AsyncGenerator<string> {
  const file = await open(path);
  const chunk = Buffer.alloc(64 * 1024);
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      // What was written before the answer is read, also when nothing comes after it.
      const { bytesRead } = await file.read(chunk);
      if (bytesRead === 0 && !(await more())) break;
      const lines = (rest + decoder.decode(chunk.subarray(0, bytesRead), { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    await file.close();
  }
}
