import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RejectedError } from "../../../../functions/lead/rejection.ts";
import { UnprovenRequestError } from "../../../../functions/sources/door.ts";
import { verifyBasic, verifyKeyInBody, verifyToken } from "../../../../functions/sources/verify/credentials.ts";
import { sourceRequest } from "../source-request.ts";

const secrets = ["old-token", "new-token"];
const refuses = (work: () => void, place: string) =>
  assert.throws(
    work,
    (error: unknown) =>
      error instanceof UnprovenRequestError &&
      error.code === "BadCredentials" &&
      error.message === `The request's credentials in ${place} were refused.`,
  );

const credentials = suite("verify credentials");

const bearer = (authorization: string | undefined, valid = secrets) =>
  verifyToken({ header: "authorization", scheme: "Bearer" }, sourceRequest({ headers: { authorization } }), {
    secrets: valid,
  });

for (const text of ["Bearer old-token", "bearer new-token", "Bearer  new-token"]) {
  credentials(`a bearer token is accepted: ${text}`, () => bearer(text));
}

for (const text of [
  undefined,
  "",
  "new-token",
  "Bearer",
  "Bearer ",
  "Bearer new-toke",
  "Bearer new-token2",
  "Bearer NEW-TOKEN",
  "Basic new-token",
  "Bearer new-token x",
]) {
  credentials(`a bearer token is refused: ${text}`, () => refuses(() => bearer(text), "the header authorization"));
}

credentials("a token in a header of its own is the whole header", () => {
  const verify = (token: string) =>
    verifyToken({ header: "x-token" }, sourceRequest({ headers: { "x-token": token } }), { secrets });
  verify("old-token");
  for (const token of ["", "Bearer old-token", "old-token "]) refuses(() => verify(token), "the header x-token");
});

const basic = (authorization: string | undefined, valid = ["ada:pass:word", "new:p"]) =>
  verifyBasic(sourceRequest({ headers: { authorization } }), { secrets: valid });
const encoded = (text: string) => Buffer.from(text).toString("base64");

for (const text of [`Basic ${encoded("ada:pass:word")}`, `basic ${encoded("new:p")}`]) {
  credentials(`Basic is accepted: ${text}`, () => basic(text));
}

for (const text of [
  undefined,
  "Basic",
  `Basic ${encoded("ada:pass")}`,
  `Basic ${encoded("ada:pass:word")}=`,
  `Basic ${encoded("ada:pass:word")} x`,
  `Bearer ${encoded("ada:pass:word")}`,
  "Basic ada:pass:word",
]) {
  credentials(`Basic is refused: ${text}`, () => refuses(() => basic(text), "the header authorization"));
}

const keyInBody = (body: string, valid = secrets) =>
  verifyKeyInBody("google_key", sourceRequest({ body: Buffer.from(body) }), { secrets: valid });

credentials("a key in the body is accepted", () => {
  keyInBody('{"google_key":"new-token","lead_id":"1"}');
});

for (const body of [
  "{}",
  "null",
  '["google_key"]',
  '{"google_key":""}',
  '{"google_key":["new-token"]}',
  '{"x":{"google_key":"new-token"}}',
  '{"google_key":"New-token"}',
]) {
  credentials(`a key in the body is refused: ${body}`, () => refuses(() => keyInBody(body), "the field google_key"));
}

credentials("a body that is no JSON is rejected", () => {
  assert.throws(
    () => keyInBody("new-token"),
    (error: unknown) => error instanceof RejectedError && error.code === "NotJson",
  );
});

credentials("nobody gets in while there is no secret, and an empty one is none", () => {
  for (const valid of [[], [""]]) {
    refuses(() => bearer("Bearer x", valid), "the header authorization");
    refuses(() => bearer("Bearer ", valid), "the header authorization");
    refuses(() => basic("Basic ", valid), "the header authorization");
    refuses(() => keyInBody('{"google_key":""}', valid), "the field google_key");
  }
});

credentials.run();
