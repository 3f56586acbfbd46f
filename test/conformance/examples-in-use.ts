/** The example applications in use: what a user of them does, and sees. The same on any engine, with a cache or without. */
import { expect } from "vitest";
import { openSessionRegistry } from "../../conformance/examples/session-registry.ts";
import { openUserProfiles } from "../../conformance/examples/user-profiles.ts";
import { MINUTE } from "../../src/model/time.ts";
import type { OpenOptions } from "../../src/open.ts";

/** What the applications run on. */
export type RunsOn = Omit<OpenOptions, "namespaces">;

/** Two users' profiles are set, changed, read in part and forgotten. */
export async function useProfiles(on: RunsOn): Promise<void> {
  const profiles = await openUserProfiles(on);
  expect(await profiles.get("ada")).toBeUndefined();
  await profiles.set("ada", { name: "Ada", languages: ["en", "fr"], kids: false });
  await profiles.set("bob", { name: "Bob" });
  await profiles.set("ada", { name: "Ada Lovelace" });
  expect(await profiles.get("ada")).toEqual({
    kids: false,
    languages: ["en", "fr"],
    name: "Ada Lovelace",
  });
  expect(await profiles.get("ada", "name", "avatar")).toEqual({ name: "Ada Lovelace" });
  await profiles.unset("ada", "languages", "kids");
  expect(await profiles.get("ada")).toEqual({ name: "Ada Lovelace" });
  await profiles.forget("ada");
  expect(await profiles.get("ada")).toBeUndefined();
  expect(await profiles.get("bob")).toEqual({ name: "Bob" });
  await profiles.close();
}

/** A user's devices come, are seen again, and go, one and then all. */
export async function useSessions(on: RunsOn): Promise<void> {
  const sessions = await openSessionRegistry(on);
  for (const device of ["tv", "phone", "tablet"]) {
    await sessions.seen("ada", `s-${device}`, device, 30 * MINUTE);
  }
  const [before] = await sessions.list("ada", 1);
  await sessions.seen("ada", "s-phone", "phone", 60 * MINUTE);
  const listed = await sessions.list("ada");
  expect(listed.map(({ device }) => device)).toEqual(["phone", "tablet", "tv"]);
  expect(listed[0]?.endsAt).toBeGreaterThan(before?.endsAt ?? Number.POSITIVE_INFINITY);
  await sessions.end("ada", "s-tv");
  expect((await sessions.list("ada")).map(({ id }) => id)).toEqual(["s-phone", "s-tablet"]);
  await sessions.endAll("ada");
  expect(await sessions.list("ada")).toEqual([]);
  await sessions.close();
}
