import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { LocalAwsError } from "../errors.ts";

/** Bytes of a zip that is uploaded directly, and of what is in it. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const zipLimits = { packed: 50 * 1024 * 1024, unpacked: 250 * 1024 * 1024 };

let folder: string | undefined;
/** Folders of unpacked zips, by the SHA-256 of the zip. */
const unpacked = new Map<string, string>();

/** Temporary folder for the functions' code. All stacks of the process share it, and it goes when the process ends. */
function codeFolder(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "local-aws-code-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** Folder in which Node keeps compiled code, so that only the first start of a function compiles it. */
export const compileCache = (): string => join(codeFolder(), "compiled");

/**
 * Unpacks a function's zip, once in a process.
 * @param address of the function, for errors
 * @returns the folder with the files
 * @throws LocalAwsError when it is no zip, is too large for Lambda, or holds a file outside of its folder
 */
export function unpackedCode(zip: string, address: string): string {
  const unreadable = (problem: string) => new LocalAwsError("Zip", `${address}: ${zip} ${problem}`);
  const tooLarge = (problem: string) => new LocalAwsError("InvalidParameterValue", `${address}: ${problem}`);
  const attempt = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw unreadable(`cannot be unpacked: ${error instanceof Error ? error.message : error}.`);
    }
  };
  const packed = attempt(() => readFileSync(zip));
  const hash = createHash("sha256").update(packed).digest("hex");
  const known = unpacked.get(hash);
  if (known) return known;

  if (packed.length > zipLimits.packed) {
    throw tooLarge(
      `Request must be smaller than 69905067 bytes: the zip has ${packed.length}, and may have ${zipLimits.packed}.`,
    );
  }
  const files = attempt(() => unzipSync(packed));
  const size = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  if (size > zipLimits.unpacked) {
    throw tooLarge(`Unzipped size must be smaller than ${zipLimits.unpacked} bytes; it has ${size}.`);
  }
  const target = join(codeFolder(), hash);
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith("/")) continue;
    const path = join(target, name);
    if (!path.startsWith(`${target}/`)) throw unreadable(`holds ${name}, outside of its folder.`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  unpacked.set(hash, target);
  return target;
}
