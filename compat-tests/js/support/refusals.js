// How the SDK tells a refusal.
import assert from "node:assert/strict";

export async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  assert.fail("nothing was refused");
}

/**
 * Checks that the call is refused as a typed exception: its class and name, AWS's message, the status, whose fault,
 * and that the SDK asked once, since a refusal is not retried.
 */
export async function refused(call, type, name, message, status = 400) {
  const error = await refusal(call);
  assert.equal(error.name, name, error.stack);
  assert.ok(error instanceof type, `${error.constructor.name} is no ${type.name}`);
  assert.equal(error.message, message);
  assert.equal(error.$metadata.httpStatusCode, status);
  assert.equal(error.$fault, "client");
  assert.equal(error.$metadata.attempts, 1);
  assert.match(error.$metadata.requestId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  return error;
}
