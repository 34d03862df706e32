import { createServer } from "node:http";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { forgetAwsSettings, guardNetwork, isLoopback, listen, requireLoopback } from "../src/loopback.ts";
import { failureOf } from "./helpers/failure.ts";

const loopback = suite("loopback");

loopback("only this machine's own addresses are loopback", () => {
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "LOCALHOST"])
    assert.ok(isLoopback(host), host);
  for (const host of [
    "0.0.0.0",
    "10.0.0.1",
    "example.com",
    "localhost.example.com",
    "127.0.0.1.example.com",
    "169.254.169.254",
    "::",
    "",
  ]) {
    assert.not(isLoopback(host), host);
  }
});

loopback("an endpoint that is not loopback is refused by name", () => {
  assert.throws(
    () => requireLoopback("https://sqs.eu-central-1.amazonaws.com"),
    /^sqs\.eu-central-1\.amazonaws\.com is not this machine/,
  );
  assert.is(requireLoopback("http://127.0.0.1:80/x").pathname, "/x");
});

loopback(
  "once guarded, connections to other hosts fail before they start, and those to this machine work",
  async () => {
    guardNetwork();
    const server = createServer((_, response) => response.end("here"));
    const url = await listen(server);
    assert.is(await (await fetch(url)).text(), "here");
    for (const outside of ["http://example.com", "https://203.0.113.1", "http://[2001:db8::1]/"]) {
      const error = await failureOf(fetch(outside));
      assert.is(error.cause?.code, "NotLoopback", outside);
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
);

loopback("the shell's AWS variables are gone", () => {
  process.env.AWS_PROFILE = "production";
  process.env.AWS_ACCESS_KEY_ID = "AKIAREAL";
  forgetAwsSettings();
  assert.is(process.env.AWS_PROFILE, undefined);
  assert.is(process.env.AWS_ACCESS_KEY_ID, undefined);
  assert.is(process.env.AWS_SHARED_CREDENTIALS_FILE, "/dev/null");
});

loopback.run();
