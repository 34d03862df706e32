import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  destinationOf,
  destinationsOf,
  type Routable,
  type Route,
  type RouteCondition,
} from "../../../functions/lead/routing.ts";

const lead = (changes: Partial<Routable> = {}): Routable => ({ source: "website", score: 50, ...changes });
const through = (routes: Route[], one: Routable) => destinationOf(one, { routes, defaultChannel: "sales" });
const when = (condition: RouteCondition, one: Routable) => through([{ channel: "other", when: condition }], one);

const routing = suite("routing");

routing("sends a lead that no route takes to the default channel", () => {
  assert.is(through([], lead()), "sales");
  assert.is(when({ countries: ["DE"] }, lead({ country: "FR" })), "sales");
});

for (const [what, condition, takes, leaves] of [
  ["country", { countries: ["DE", "AT"] }, lead({ country: "AT" }), lead({ country: "US" })],
  ["unknown country", { countries: ["DE"] }, lead({ country: "DE" }), lead()],
  ["source", { sources: ["crm"] }, lead({ source: "crm" }), lead()],
  ["score", { leastScore: 50 }, lead(), lead({ score: 49 })],
  [
    "company size",
    { leastEmployees: 100 },
    lead({ company: { employees: 100 } }),
    lead({ company: { employees: 99 } }),
  ],
  ["unknown company size", { leastEmployees: 1 }, lead({ company: { employees: 1 } }), lead({ company: {} })],
  ["unknown company", { leastEmployees: 1 }, lead({ company: { employees: 1 } }), lead()],
] as const) {
  routing(`goes by ${what}`, () => {
    assert.equal([when(condition, takes), when(condition, leaves)], ["other", "sales"]);
  });
}

routing("takes a lead only when all of a route's conditions hold", () => {
  const condition = { countries: ["DE"], leastScore: 80 };
  assert.is(when(condition, lead({ country: "DE", score: 80 })), "other");
  assert.is(when(condition, lead({ country: "DE" })), "sales");
});

routing("goes by the first route that matches", () => {
  const routes = [
    { channel: "first", when: { leastScore: 90 } },
    { channel: "second", when: { leastScore: 50 } },
  ];
  assert.equal(
    [95, 60, 10].map((score) => through(routes, lead({ score }))),
    ["first", "second", "sales"],
  );
});

routing("knows every destination once, the default first", () => {
  const to = (channel: string) => ({ channel, when: { leastScore: 1 } });
  const routes = [to("emea"), to("sales"), to("enterprise"), to("emea")];
  assert.equal(destinationsOf({ routes, defaultChannel: "sales" }), ["sales", "emea", "enterprise"]);
});

routing.run();
