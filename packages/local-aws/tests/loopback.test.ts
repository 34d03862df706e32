import { createSocket, Socket as DatagramSocket } from "node:dgram";
import dns, { lookup } from "node:dns";
import { once } from "node:events";
import { createServer } from "node:http";
import { Socket } from "node:net";
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
    "128.0.0.1",
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

const outside = "203.0.113.1";

/** The code of the error that a callback gets. */
const called = (query: (callback: (error: Error | null) => void) => unknown) =>
  new Promise<string | undefined>((resolve) => query((error) => resolve((error as { code?: string } | null)?.code)));

/** Runs with the guard, which is gone afterwards. */
async function guarded(use: () => Promise<void>): Promise<void> {
  const endGuard = guardNetwork();
  try {
    await use();
  } finally {
    endGuard();
  }
}

loopback("connections to other hosts fail before they start, and those to this machine work", () =>
  guarded(async () => {
    const server = createServer((_, response) => response.end("here"));
    const url = await listen(server);
    assert.is(await (await fetch(url)).text(), "here");
    for (const target of ["http://example.com", `https://${outside}`, "http://[2001:db8::1]/"]) {
      const error = await failureOf(fetch(target));
      assert.is(error.cause?.code, "NotLoopback", target);
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }),
);

loopback("datagrams to other hosts fail, whether a socket names the host once or with each of them", () =>
  guarded(async () => {
    const socket = createSocket("udp4");
    const refused = (send: () => void) => assert.throws(send, new RegExp(`^${outside} is not this machine`));
    refused(() => socket.send("x", 53, outside));
    refused(() => socket.send(Buffer.from("x"), 0, 1, 53, outside));
    refused(() => socket.send("x", 53, outside, () => {}));
    refused(() => socket.connect(53, outside));
    assert.throws(() => socket.send("x", 53, "dns.example.com"), /^dns\.example\.com is not this machine/);
    const receiver = createSocket("udp4");
    await new Promise<void>((resolve) => receiver.bind(0, "127.0.0.1", resolve));
    const arrived = once(receiver, "message");
    socket.send("here", receiver.address().port, "127.0.0.1");
    assert.is(String((await arrived)[0]), "here");
    socket.close();
    receiver.close();
  }),
);

loopback("names of other hosts are not looked up, by whatever way Node has", () =>
  guarded(async () => {
    const name = "example.com";
    assert.is(await called((done) => dns.lookup(name, done)), "NotLoopback");
    assert.is(await called((done) => lookup(name, done)), "NotLoopback", "imported by name");
    assert.is(await called((done) => dns.resolve4(name, done)), "NotLoopback");
    assert.is(await called((done) => dns.reverse(outside, done)), "NotLoopback");
    assert.is(await called((done) => new dns.Resolver().resolveMx(name, done)), "NotLoopback");
    for (const query of [
      dns.promises.lookup(name),
      dns.promises.resolveTxt(name),
      new dns.promises.Resolver().resolve(name),
    ]) {
      assert.is(((await failureOf(query)) as { code?: string }).code, "NotLoopback");
    }
    assert.is((await dns.promises.lookup("localhost", { family: 4 })).address, "127.0.0.1");
  }),
);

loopback("Node is as before once everybody who set the guard has ended it", () => {
  const parts = () => [
    Socket.prototype.connect,
    DatagramSocket.prototype.send,
    dns.lookup,
    dns.promises.resolve,
    lookup,
  ];
  const before = parts();
  const ends = [guardNetwork(), guardNetwork()];
  const during = parts();
  assert.ok(during.every((part, index) => part !== before[index]));
  ends[0]?.();
  ends[0]?.();
  assert.equal(parts(), during, "the second one still guards");
  ends[1]?.();
  assert.ok(parts().every((part, index) => part === before[index]));
});

loopback("the shell's AWS variables are gone", () => {
  process.env.AWS_PROFILE = "production";
  process.env.AWS_ACCESS_KEY_ID = "AKIAREAL";
  process.env.SMTP_TRANSPORT = "smtp://mail.example.com";
  forgetAwsSettings();
  assert.is(process.env.AWS_PROFILE, undefined);
  assert.is(process.env.AWS_ACCESS_KEY_ID, undefined);
  assert.is(process.env.SMTP_TRANSPORT, undefined);
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_EC2_METADATA_DISABLED } = process.env;
  assert.equal(
    [AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_EC2_METADATA_DISABLED],
    ["/dev/null", "/dev/null", "true"],
  );
});

loopback.run();
