// Goal: a client is not made with limits that mean nothing, and whoever asks for them is told.
import { expect, test } from "vitest";
import { type ClientLimits, resolveLimits } from "../../src/client/client-parts.ts";
import { errorOf } from "../fakes/error-of.ts";

test.each<readonly [Partial<ClientLimits>, string]>([
  [{ retryShare: -0.1 }, "client limit retryShare is -0.1, wanted a number from 0 to 1"],
  [{ hedgeShare: 1.5 }, "client limit hedgeShare is 1.5, wanted a number from 0 to 1"],
  [{ hedgeShare: Number.NaN }, "hedgeShare is NaN"],
  [{ retryBurst: -1 }, "client limit retryBurst is -1, wanted a number of requests, 0 or more"],
  [{ hedgeBurst: Number.NaN }, "hedgeBurst is NaN"],
  [{ timeoutMicros: Number.NaN }, "timeoutMicros is NaN, wanted microseconds, more than 0"],
  [{ attemptTimeoutMicros: 0 }, "attemptTimeoutMicros is 0"],
  [{ attemptsMax: 0 }, "attemptsMax is 0, wanted a number, 1 or more"],
  [{ backoffBase: -1 }, "backoffBase is -1, wanted microseconds, 0 or more"],
  [{ backoffMax: Number.NaN }, "backoffMax is NaN"],
  [{ chunkWindow: Number.NaN }, "chunkWindow is NaN, wanted a number, 1 or more"],
  [{ wholeBytesMax: -1 }, "wholeBytesMax is -1, wanted bytes, 0 or more"],
  [{ timeoutMicros: "9" as never }, "timeoutMicros is 9"],
  [{ refreshMicros: 0 }, "client limit refreshMicros is 0, wanted microseconds, more than 0"],
])("resolveLimits(%j) is refused", (limits, says) => {
  const error = errorOf(() => resolveLimits(limits));
  expect(error?.code).toBe("INVALID_ARGUMENT");
  expect(error?.message).toContain(says);
});

test.each(Object.keys(resolveLimits()))("resolveLimits() takes undefined for no %s", (name) => {
  // Callers whose compiler is less strict hand over what their configuration lacks.
  expect(resolveLimits({ [name]: undefined })).toEqual(resolveLimits());
});

test("resolveLimits() takes what is asked for, and has defaults for the rest", () => {
  const none = {
    retryShare: 0,
    retryBurst: Number.POSITIVE_INFINITY,
    hedgeShare: 1,
    hedgeBurst: 0,
  };
  expect(resolveLimits(none)).toEqual({ ...resolveLimits(), ...none });
});
