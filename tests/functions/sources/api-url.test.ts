import { suite } from "uvu";
import * as assert from "uvu/assert";
import { apiUrlSetting } from "../../../functions/sources/api-url.ts";

const setting = suite("apiUrl");

const { check } = apiUrlSetting("https://api.example.com");

for (const [address, isTaken] of [
  ["https://api.example.com", true],
  ["https://api.example.com:8443", true],
  ["http://127.0.0.1:8080", true],
  ["http://localhost:8080", true],
  ["http://api.example.com", false],
  ["http://127.0.0.1.example.com", false],
  ["http://mylocalhost", false],
  ["https://api.example.com/", false],
  ["https://api.example.com/v3", false],
  ["https://user:secret@api.example.com", false],
  ["https://api.example.com?key=1", false],
  ["ftp://api.example.com", false],
  ["ftp://127.0.0.1", false],
  ["api.example.com", false],
  ["", false],
] as const) {
  setting(`${isTaken ? "takes" : "refuses"} ${address || "an empty text"}`, () => {
    assert.is(check(address), isTaken);
  });
}

setting.run();
