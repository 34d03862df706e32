import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { loggable } from "../../../functions/runtime/loggable.ts";
import { jsonSetting, setting } from "../../../functions/runtime/settings.ts";
import { awsError } from "../../helpers/fakes.ts";

const errors = suite("errors");

errors("of Leadwire are logged with code and message", () => {
  assert.equal(loggable(new RejectedError("NotJson", "The body is not JSON.")), {
    errorClass: "NotJson",
    reason: "The body is not JSON.",
  });
});

errors("of AWS are logged without their message, which can quote a key", () => {
  assert.equal(loggable(awsError("AccessDenied", 403)), {
    errorClass: "AccessDenied",
    httpStatus: 403,
    serviceRequestId: "aws-request-1",
  });
});

errors("of the network are logged with their code", () => {
  assert.equal(loggable(Object.assign(new Error("connect 10.0.0.1"), { code: "ECONNRESET" })), {
    errorClass: "Error",
    errorCode: "ECONNRESET",
  });
});

errors("that are no errors are logged by type", () => {
  assert.equal(loggable("jane"), { errorClass: "string" });
});

errors("a missing setting names its variable", () => {
  delete process.env.LEADWIRE_TEST_SETTING;
  assert.throws(() => setting("LEADWIRE_TEST_SETTING"), /LEADWIRE_TEST_SETTING is not set/);
  process.env.LEADWIRE_TEST_SETTING = "{";
  assert.throws(() => jsonSetting("LEADWIRE_TEST_SETTING"), /LEADWIRE_TEST_SETTING is not JSON/);
  process.env.LEADWIRE_TEST_SETTING = '["a"]';
  assert.equal(jsonSetting("LEADWIRE_TEST_SETTING"), ["a"]);
  delete process.env.LEADWIRE_TEST_SETTING;
});

errors.run();
