/** The table of errors: what may be concluded of a write is the point (TOK-8, ERR-2). */
import { errors } from "cassandra-driver";
import { describe, expect, test } from "vitest";
import { mapCassandraError } from "../../../src/engines/cassandra/errors.ts";
import { KvError } from "../../../src/model/error.ts";

const response = (code: number, message = "said the server"): Error =>
  new errors.ResponseError(code, message);
const socket = (facts: object): Error => Object.assign(new Error("socket"), facts);
const hosts = (...inner: unknown[]): Error =>
  new errors.NoHostAvailableError(Object.fromEntries(inner.map((each, i) => [`host${i}`, each])));
const timeout = new errors.OperationTimedOutError("no answer in time", "host");
const refused = socket({ code: "ECONNREFUSED" });

const TABLE: readonly (readonly [string, unknown, write: string, read: string])[] = [
  ["server error", response(0x0000), "OUTCOME_UNKNOWN unknown", "UNAVAILABLE no"],
  ["bad credentials", response(0x0100), "UNAVAILABLE no", "UNAVAILABLE no"],
  ["unavailable", response(0x1000), "UNAVAILABLE no", "UNAVAILABLE no"],
  ["overloaded", response(0x1001), "OVERLOADED unknown", "OVERLOADED no"],
  ["bootstrapping", response(0x1002), "UNAVAILABLE no", "UNAVAILABLE no"],
  ["write timeout", response(0x1100), "OUTCOME_UNKNOWN unknown", "UNAVAILABLE no"],
  ["read timeout", response(0x1200), "UNAVAILABLE no", "UNAVAILABLE no"],
  ["read failure: tombstones", response(0x1300), "INTERNAL no", "INTERNAL no"],
  ["write failure", response(0x1500), "OUTCOME_UNKNOWN unknown", "UNAVAILABLE no"],
  ["syntax", response(0x2000), "INTERNAL no", "INTERNAL no"],
  ["invalid", response(0x2200), "INVALID_ARGUMENT no", "INVALID_ARGUMENT no"],
  [
    "a table that the node has not heard of",
    response(0x2200, "table users does not exist"),
    "UNAVAILABLE no",
    "UNAVAILABLE no",
  ],
  [
    "too big",
    response(0x2200, "Request is too big: length 17 exceeds maximum allowed length 16"),
    "TOO_LARGE no",
    "TOO_LARGE no",
  ],
  ["batch too large", response(0x2200, "Batch too large"), "TOO_LARGE no", "TOO_LARGE no"],
  [
    "key too long",
    response(0x2200, "Key length of 65536 is longer than maximum of 65535"),
    "TOO_LARGE no",
    "TOO_LARGE no",
  ],
  ["a code of the future", response(0x7777), "INTERNAL unknown", "INTERNAL no"],
  ["client timeout", timeout, "DEADLINE_EXCEEDED unknown", "DEADLINE_EXCEEDED no"],
  [
    "busy connections",
    new errors.BusyConnectionError("host", 1, 1),
    "OVERLOADED no",
    "OVERLOADED no",
  ],
  ["authentication", new errors.AuthenticationError("no"), "UNAVAILABLE no", "UNAVAILABLE no"],
  ["argument", new errors.ArgumentError("no"), "INTERNAL no", "INTERNAL no"],
  ["connection refused", refused, "UNAVAILABLE no", "UNAVAILABLE no"],
  [
    "no route to connect by",
    socket({ code: "EHOSTUNREACH", syscall: "connect" }),
    "UNAVAILABLE no",
    "UNAVAILABLE no",
  ],
  [
    "the route of a socket in use is gone",
    socket({ code: "EHOSTUNREACH", syscall: "read" }),
    "OUTCOME_UNKNOWN unknown",
    "UNAVAILABLE no",
  ],
  ["connection reset", socket({ code: "ECONNRESET" }), "OUTCOME_UNKNOWN unknown", "UNAVAILABLE no"],
  ["socket closed", socket({ isSocketError: true }), "OUTCOME_UNKNOWN unknown", "UNAVAILABLE no"],
  [
    "socket closed before the request was written",
    socket({ isSocketError: true, requestNotWritten: true }),
    "UNAVAILABLE no",
    "UNAVAILABLE no",
  ],
  ["no host at all", hosts(), "UNAVAILABLE no", "UNAVAILABLE no"],
  ["no host: not even tried", hosts("Not considered as UP"), "UNAVAILABLE no", "UNAVAILABLE no"],
  ["no host: all refused", hosts(refused, refused), "UNAVAILABLE no", "UNAVAILABLE no"],
  [
    "no host: one timed out",
    hosts(refused, timeout),
    "DEADLINE_EXCEEDED unknown",
    "DEADLINE_EXCEEDED no",
  ],
  [
    "no host: one closed in the middle",
    hosts("down", refused, socket({ isSocketError: true })),
    "OUTCOME_UNKNOWN unknown",
    "UNAVAILABLE no",
  ],
  ["a fault of the driver", new TypeError("x is undefined"), "INTERNAL unknown", "INTERNAL no"],
  ["nothing at all", undefined, "INTERNAL unknown", "INTERNAL no"],
];

describe("mapCassandraError()", () => {
  test.each(TABLE)("%s", (_name, error, write, read) => {
    for (const [effect, wanted] of [
      ["write", write],
      ["read", read],
    ] as const) {
      const { code, applied, cause } = mapCassandraError(error, effect);
      expect(`${code} ${applied}`).toBe(wanted);
      expect(cause).toBe(error);
    }
  });

  test("leaves an error of ours alone", () => {
    const ours = new KvError("CANCELLED", "the caller gave up");
    expect(mapCassandraError(ours, "read")).toBe(ours);
  });
});
