import { suite } from "uvu";
import * as assert from "uvu/assert";
import { GitHub } from "../../../deploy/github/api.ts";
import { failureOf } from "../../helpers/failure.ts";
import { httpServer } from "../../helpers/http-server.ts";
import { recordedTimeLimits } from "../../helpers/time-limits.ts";

const api = suite("GitHub's API");

api("lists come in pages of a hundred, and every request has a minute", async () => {
  using time = recordedTimeLimits(() => new AbortController().signal);
  const asked: unknown[] = [];
  await using server = await httpServer(({ url, headers }, response) => {
    asked.push([url, headers.authorization, headers.accept, headers["x-github-api-version"]]);
    response.end("[1]");
  });
  const github = new GitHub(server.url, "o/r", "token");
  const lists = [await github.list("/issues"), await github.list("/issues?state=open")];
  const proof = ["Bearer token", "application/vnd.github+json", "2022-11-28"];
  assert.equal(
    [lists, time.limits],
    [
      [[1], [1]],
      [60_000, 60_000],
    ],
  );
  assert.equal(asked, [
    ["/repos/o/r/issues?per_page=100", ...proof],
    ["/repos/o/r/issues?state=open&per_page=100", ...proof],
  ]);
});

api("an answer other than 2xx is an error with its first 300 characters", async () => {
  await using server = await httpServer((_, response) => response.writeHead(500).end("x".repeat(301)));
  const github = new GitHub(server.url, "o/r", "token");
  const { code, message } = await failureOf(github.send("DELETE", "/issues/1"));
  const said = `GitHub answered 500 to DELETE ${server.url}/repos/o/r/issues/1: ${"x".repeat(300)}`;
  assert.equal([code, message], ["GitHub", said]);
});

api.run();
