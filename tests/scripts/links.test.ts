import { existsSync, globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, normalize } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const pages = globSync(["*.md", "docs/**/*.md", "packages/*/*.md"]);
/** The changelog names what there was. */
const currentPages = pages.filter((page) => page !== "CHANGELOG.md");

/** The headings of a page, as GitHub writes them into links. */
const anchors = (page: string) =>
  [...readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-"),
  );

/** What is wrong with a link within the project. */
function brokenLink(page: string, link: string): string[] {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : normalize(`${dirname(page)}/${path}`);
  if (!existsSync(target)) return [`${page}: ${link}: there is no ${target}`];
  const isFound = anchor === undefined || !target.endsWith(".md") || anchors(target).includes(anchor);
  return isFound ? [] : [`${page}: ${link}: ${target} has no such heading`];
}

const links = suite("links in the documentation");
links("lead to files and headings that are there", () => {
  assert.ok(pages.length > 20, `${pages.length} pages`);
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .flatMap((link) => brokenLink(page, link)),
  );
  assert.equal(broken, []);
});
links("are found broken by their file and by their heading", () => {
  assert.equal(brokenLink("README.md", "docs/none.md").length, 1);
  assert.equal(brokenLink("docs/cost.md", "flow.md#no-such-heading").length, 1);
  assert.equal(brokenLink("README.md", "docs/flow.md#7-outcomes"), []);
});

const names = suite("names in the documentation");
names("npm run: each one is a script of package.json", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const unknown = currentPages.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/npm run (?:--silent )?([a-z:]+)/g)]
      .filter(([, name = ""]) => !Object.hasOwn(scripts, name))
      .map(([command]) => `${page}: ${command}`),
  );
  assert.equal(unknown, []);
});

const folders = readdirSync(".").filter((name) => /^[a-z-]+$/.test(name) && statSync(name).isDirectory());
/** The consumer that docs/consumers.md shows, and the files that the first plan writes. */
const notThere = ["stacks/consumers/mirror.ts", "deploy/terraform.lock.hcl", "deploy/tofu.lock.hcl"];
const isThere = (path: string) => [path, `${path}.test.ts`, `tests/${path}.test.ts`].some((one) => existsSync(one));
names("each file and folder is there, but for those with a word such as NAME", () => {
  const paths = currentPages.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/`([a-z-]+\/[\w./-]*)`/g)]
      .map(([, path = ""]) => ({ page, path }))
      .filter(({ path }) => folders.includes(path.split("/")[0] ?? "") && !/[A-Z]{3}/.test(path)),
  );
  assert.ok(paths.length > 100, `${paths.length} paths`);
  assert.equal(
    paths.filter(({ path }) => !isThere(path) && !notThere.includes(path)),
    [],
  );
});
names("the tests that docs/security.md names are there", () => {
  const cells = [...readFileSync("docs/security.md", "utf8").matchAll(/\| ((?:`[\w/-]+`(?:, )?)+) \|$/gm)];
  const tests = cells.flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
  assert.ok(tests.length > 30, `${tests.length} tests`);
  assert.equal(
    tests.filter((name) => !isThere(name) && !existsSync(`tests/security/${name}.test.ts`)),
    [],
  );
});

links.run();
names.run();
