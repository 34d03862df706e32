import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { changesNothing } from "../../../deploy/github/deployment.ts";
import { open, seal } from "../../../deploy/github/sealed-plan.ts";
import { readPlan } from "../../../ops/review/plan.ts";
import { planned as plannedChange, planText } from "../../ops/review/plan-fixtures.ts";
import { bot, headSha, mergeSha, type State } from "./fake-github.ts";
import { key, planned, workflow } from "./workflow-fixture.ts";

const owner = "dev of pull request 12";

const plan = suite("plan");

plan("writes the review as a comment, and encrypts the plan for this pull request", async () => {
  await using work = await workflow();
  assert.is(await work.run("plan dev 12"), 0);
  const [comment] = work.state.comments;
  assert.match(comment?.body ?? "", /^<!-- leadwire-plan dev -->\n### Plan of dev\n\nlook knob: dev's window\n/);
  assert.match(comment?.body ?? "", "https://github.example/example/leadwire/actions/runs/77");
  const file = /^file=(.+)$/m.exec(work.outputs())?.[1] ?? "";
  assert.match(work.outputs(), /^artifact=plan-12-dev-10$/m);
  const opened = open(readFileSync(file), key, owner);
  assert.is(Buffer.from(opened["plan.tfplan"] ?? []).toString(), "a secret");
  assert.not.match(comment?.body ?? "", "a secret");
});

plan("updates its comment in place, also on a later page, and leaves those of others alone", async () => {
  await using work = await workflow();
  const marker = "<!-- leadwire-plan dev -->\n";
  const by = (login: string, id: number, body: string) => work.state.comments.push({ id, body, user: { login } });
  by("mallory", 1, `${marker}forged`);
  by(bot, 2, "<!-- leadwire-plan prod -->\nof prod");
  by("alice", 3, `I read ${marker}`);
  by(bot, 4, `${marker}old`);
  await work.run("plan dev 12");
  const [forged, prod, read, own, ...more] = work.state.comments.map(({ body }) => body);
  assert.equal([forged, prod, read], [`${marker}forged`, "<!-- leadwire-plan prod -->\nof prod", `I read ${marker}`]);
  assert.match(own ?? "", "look knob");
  assert.is(more.length, 0);
});

plan("writes a comment of at most 65,536 characters, and keeps its beginning", async () => {
  await using work = await workflow({ review: { markdown: `destroys the ledger ${"x".repeat(70_000)}` } });
  await work.run("plan dev 12");
  const body = work.state.comments[0]?.body ?? "";
  assert.is(body.length, 65_536);
  assert.match(body, "destroys the ledger");
  assert.match(body, /The rest does not fit here\. Read it in the log of the workflow\.$/);
});

plan("fails without a key before it comments", async () => {
  await using work = await workflow();
  work.variables.LEADWIRE_PLAN_KEY = "";
  assert.is(await work.run("plan dev 12"), 1);
  assert.match(work.printed.join("\n"), "LEADWIRE_PLAN_KEY is not 32 bytes");
  assert.equal(work.state.comments, []);
});

plan("is empty if it changes no resource and no output, whatever it reads", () => {
  const isEmpty = (action: string, field: "resource" | "output") => {
    const change = plannedChange({ actions: [action], before: {}, after: {} });
    const output = { output_changes: { queue: change.change } };
    return changesNothing(readPlan(field === "output" ? planText([], output) : planText([{ actions: [action] }])));
  };
  const actions = ["no-op", "read", "update", "create", "delete", "forget"];
  assert.equal(
    actions.map((action) => isEmpty(action, "resource")),
    [true, true, false, false, false, false],
  );
  assert.equal([isEmpty("no-op", "output"), isEmpty("update", "output")], [true, false]);
});

plan.run();

/** Runs approvals for the head with one plan of a code. @returns the state of the status */
async function statusOf(code: number, prepare: (state: State) => unknown = () => {}) {
  await using work = await workflow();
  work.state.addArtifact({ name: `plan-12-dev-${code}` });
  prepare(work.state);
  assert.is(await work.run(`approvals ${headSha}`), 0, work.printed.join("\n"));
  const [status] = work.state.statuses;
  assert.is(status?.context, "leadwire/approvals");
  assert.ok((status?.description.length ?? 0) <= 140);
  return { ...status, labels: work.state.labels.map(({ name }) => name), comments: work.state.comments };
}
const twoReviews = (changes: object) => (state: State) => {
  state.addReview("alice");
  state.addReview("bob", changes);
};

const approvals = suite("approvals");

approvals("are none for a plan with nothing above noise, one to look at it, two for exit code 20", async () => {
  assert.is((await statusOf(0)).state, "success");
  assert.is((await statusOf(10)).state, "pending");
  assert.is((await statusOf(10, (state) => state.addReview("alice"))).state, "success");
  const one = await statusOf(20, (state) => state.addReview("alice"));
  assert.is(one.state, "pending");
  assert.match(one.description ?? "", "1 of 2 approvals");
  assert.is((await statusOf(20, twoReviews({}))).state, "success");
});

approvals("are of different people, and not of the author, of bots or of readers", async () => {
  assert.is((await statusOf(20, twoReviews({ user: { login: "alice", type: "User" } }))).state, "pending");
  assert.is((await statusOf(20, twoReviews({ user: { login: "author", type: "User" } }))).state, "pending");
  assert.is((await statusOf(20, twoReviews({ user: { login: "bob", type: "Bot" } }))).state, "pending");
  assert.is((await statusOf(20, twoReviews({ user: { login: "reader", type: "User" } }))).state, "pending");
  assert.is((await statusOf(20, twoReviews({ user: null }))).state, "pending");
  assert.is((await statusOf(20, twoReviews({ user: { login: "root", type: "User" } }))).state, "success");
});

approvals("are of the head commit, and given after the plan was made", async () => {
  assert.is((await statusOf(20, twoReviews({ commit_id: mergeSha }))).state, "pending");
  assert.is((await statusOf(20, twoReviews({ submitted_at: "2026-11-27T09:59:59Z" }))).state, "pending");
  assert.is((await statusOf(20, twoReviews({ submitted_at: "2026-11-27T10:00:00Z" }))).state, "success");
});

approvals(
  "end with a later refusal or a dismissal of the same person, and not with a comment or a review that is not sent",
  async () => {
    const then = (state: string) => (github: State) => {
      twoReviews({})(github);
      github.addReview("bob", { state });
    };
    assert.is((await statusOf(20, then("CHANGES_REQUESTED"))).state, "pending");
    assert.is((await statusOf(20, then("DISMISSED"))).state, "pending");
    assert.is((await statusOf(20, then("COMMENTED"))).state, "success");
    assert.is((await statusOf(20, then("PENDING"))).state, "success");
  },
);

approvals("go by the newest plan of each environment, and by the most serious of them", async () => {
  const newer = { name: "plan-12-dev-0", created_at: "2026-11-27T10:30:00Z" };
  assert.is((await statusOf(20, (state) => state.addArtifact(newer))).state, "success");
  const later = { name: "plan-12-dev-0" };
  assert.is((await statusOf(20, (state) => state.addArtifact(later))).state, "success", "of the same second");
  assert.is((await statusOf(0, (state) => state.addArtifact({ name: "plan-12-prod-20" }))).state, "pending");
});

approvals("do not go by artifacts of other pull requests, of forks' runs, or that are gone", async () => {
  const newer = { name: "plan-12-dev-0", created_at: "2026-11-27T10:30:00Z" };
  assert.is((await statusOf(20, (state) => state.addArtifact({ ...newer, name: "plan-13-dev-0" }))).state, "pending");
  assert.is((await statusOf(20, (state) => state.addArtifact({ ...newer, expired: true }))).state, "pending");
  const byFork = await statusOf(20, (state) => {
    state.runs.push({ ...state.runs[0], id: 2, head_repository: { full_name: "mallory/leadwire" } });
    state.addArtifact({ ...newer, run: 2 });
  });
  assert.is(byFork.state, "pending");
  const ofOlderHead = await statusOf(20, (state) => {
    state.runs.push({ ...state.runs[0], id: 2, head_sha: "older" });
    state.addArtifact({ ...newer, run: 2 });
  });
  assert.is(ofOlderHead.state, "pending");
});

approvals("go by plans that were made by hand in the last 30 days, and by no older ones", async () => {
  const madeBefore = async (days: number) => {
    const created_at = new Date(Date.now() - days * 86_400_000).toISOString();
    const { state } = await statusOf(20, (given) => {
      given.runs.push({ id: 2, event: "workflow_dispatch", created_at });
      given.addArtifact({ name: "plan-12-dev-0", created_at: "2026-11-27T10:30:00Z", run: 2 });
    });
    return state;
  };
  assert.equal([await madeBefore(29), await madeBefore(31)], ["success", "pending"]);
  const { state } = await statusOf(20, (given) => {
    given.runs.push({ id: 2, event: "workflow_dispatch", conclusion: "failure" });
    given.addArtifact({ name: "plan-12-dev-0", created_at: "2026-11-27T10:30:00Z", run: 2 });
  });
  assert.is(state, "pending", "a run that failed has no plan");
});

approvals("label the pull request by the exit code, in place of an older label", async () => {
  assert.equal((await statusOf(10)).labels, ["plan: look"]);
  const before = (state: State) => state.labels.push({ name: "bug" }, { name: "docs" }, { name: "plan: look" });
  assert.equal((await statusOf(20, before)).labels, ["bug", "docs", "plan: approve"]);
  assert.equal((await statusOf(0, before)).labels, ["bug", "docs"]);
});

approvals("remove the comment on a plan of an environment that is no longer changed", async () => {
  const comment = (environment: string, login: string) => (state: State) =>
    state.comments.push({
      id: state.comments.length,
      body: `<!-- leadwire-plan ${environment} -->\n`,
      user: { login },
    });
  const { comments } = await statusOf(0, (state) => {
    for (const add of [comment("dev", bot), comment("prod", bot), comment("prod", "alice")]) add(state);
  });
  assert.equal(
    comments.map(({ id }) => id),
    [0, 2],
  );
});

approvals("wait for the workflow plan, and fail with it", async () => {
  const run = (changes: object) => (state: State) => Object.assign(state.runs[0] ?? {}, changes);
  assert.is((await statusOf(0, run({ status: "in_progress", conclusion: null }))).state, "pending");
  assert.is((await statusOf(0, run({ conclusion: "failure" }))).state, "failure");
  assert.is((await statusOf(0, (state) => state.runs.pop())).state, "pending");
});

approvals.run();

/** Runs apply for the merge commit, with one plan in the pull request. */
async function applied(changes: Parameters<typeof workflow>[0], prepare: (state: State) => unknown = () => {}) {
  await using work = await workflow(changes);
  work.state.addArtifact({ name: "plan-12-dev-10", file: seal(planned, key, owner) });
  work.state.addReview("alice");
  prepare(work.state);
  const code = await work.run(`apply dev ${mergeSha}`);
  return { ...work, code, text: work.printed.join("\n"), summary: work.summary() };
}

const apply = suite("apply");

apply("applies the plan of the merged pull request, and shows its review", async () => {
  const { code, applied: environments, kept, summary, text } = await applied({});
  assert.is(code, 0, text);
  assert.equal(environments, ["dev"]);
  assert.is(Buffer.from(kept[0]?.["plan.tfplan"] ?? []).toString(), "a secret");
  assert.match(summary, "look knob: dev's window");
});

apply("applies the newest plan, also one that was made of main by hand", async () => {
  const newer = { "plan.tfplan": Buffer.from("the new plan") };
  const { kept, text } = await applied({}, (state) => {
    state.runs.push({ id: 9, event: "workflow_dispatch" });
    const made = { created_at: "2026-11-27T10:30:00Z", run: 9 };
    state.addArtifact({ ...made, name: "plan-12-dev-20", file: seal(newer, key, owner) });
  });
  assert.is(Buffer.from(kept[0]?.["plan.tfplan"] ?? []).toString(), "the new plan", text);
});

/** What must not be applied, and what is said of it. */
const refused: Readonly<Record<string, readonly [Parameters<typeof workflow>[0], (state: State) => unknown, RegExp]>> =
  {
    "a plan of another environment": [
      {},
      ({ artifacts }) => Object.assign(artifacts[0] ?? {}, { name: "plan-12-prod-10" }),
      /Pull request 12 has no plan of dev\. Run the workflow plan on main with environment dev and pull request 12/,
    ],
    "another plan under this plan's name": [
      {},
      ({ artifacts }) => Object.assign(artifacts[0] ?? {}, { file: seal(planned, key, "dev of pull request 11") }),
      /cannot be decrypted/,
    ],
    "a plan that needs more approvals than its name says": [{ review: { code: 20 } }, () => {}, /1 of 2 approvals/],
    "a plan that was approved before it was made": [
      {},
      ({ artifacts }) => Object.assign(artifacts[0] ?? {}, { created_at: "2026-11-27T12:00:00Z" }),
      /0 of 1 approvals.*Approve it there, and run this job again/,
    ],
    "a plan of other sources": [{ isOfSources: false }, () => {}, /was not applied.*Run the workflow plan on main/],
    "what was not in a pull request": [{}, ({ pulls }) => pulls.pop(), /No pull request has the commit b+/],
  };
for (const [what, [changes, prepare, message]] of Object.entries(refused)) {
  apply(`does not apply ${what}`, async () => {
    const { code, applied: environments, text } = await applied(changes, prepare);
    assert.is(code, 1);
    assert.match(text, message);
    assert.equal(environments, []);
  });
}

apply("stops at a stale plan, and says how to make a new one", async () => {
  const { code, text } = await applied({ applyCode: 1 });
  assert.is(code, 1);
  assert.match(text, /was not applied, or not all of it.*Run the workflow plan on main/);
});

apply.run();

const drift = suite("drift");

drift("opens an issue, writes it anew the next day, and closes it when the plan is empty", async () => {
  await using work = await workflow();
  const forged = { number: 1, body: "<!-- leadwire-drift dev -->", state: "open", user: { login: "mallory" } };
  work.state.issues.push(forged, { ...forged, number: 2, body: "<!-- leadwire-drift prod -->", user: { login: bot } });
  await work.run("drift dev");
  await work.run("drift dev");
  const [, , own, ...more] = work.state.issues;
  assert.match(own?.body ?? "", /^<!-- leadwire-drift dev -->\nThe plan of dev is not empty\..*look knob/s);
  assert.equal(more, []);
  await using later = await workflow({ review: { isEmpty: true } });
  later.state.issues.push(...work.state.issues);
  await later.run("drift dev");
  assert.equal(
    later.state.issues.map((issue) => issue.state),
    ["open", "open", "closed"],
  );
});

drift("opens no issue for an empty plan", async () => {
  await using work = await workflow({ review: { isEmpty: true } });
  assert.is(await work.run("drift dev"), 0);
  assert.equal(work.state.issues, []);
});

drift.run();

const steps = suite("steps");

steps("target names the role and the Region to sign in with", async () => {
  await using work = await workflow();
  await work.run("target dev plan");
  await work.run("target prod apply");
  assert.match(work.outputs(), /^role=arn:aws:iam::\d{12}:role\/leadwire-dev-plan$/m);
  assert.match(work.outputs(), /^role=arn:aws:iam::\d{12}:role\/leadwire-prod-apply$/m);
  assert.match(work.outputs(), /^region=us-east-1$/m);
});

steps("an answer of GitHub that is no success names the request and not the token", async () => {
  await using work = await workflow();
  assert.is(await work.run("plan dev 13"), 1);
  assert.match(work.printed.join("\n"), /GitHub answered 404 to GET http.*\/issues\/13\/comments/);
  assert.not.match(work.printed.join("\n"), "Bearer");
});

steps.run();
