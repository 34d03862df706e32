/** `npm run bench [-- NAME]`: runs the benchmarks of bench/ one after the other, or the one of that name. */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const [only, ...rest] = process.argv.slice(2);
const files = globSync("bench/*.bench.ts").sort();
const chosen = only === undefined ? files : files.filter((file) => file === `bench/${only}.bench.ts`);
if (chosen.length === 0) {
  console.error(`There is no benchmark "${only}": it must be one of ${files.join(", ")}.`);
  process.exitCode = 2;
}
for (const file of chosen) {
  console.log(`\n== ${file}`);
  const { status } = spawnSync(process.execPath, [file, ...rest], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
