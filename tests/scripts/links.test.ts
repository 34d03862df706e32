import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, normalize } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const pages = globSync(["*.md", "docs/**/*.md", "packages/*/*.md"]);

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

links.run();
