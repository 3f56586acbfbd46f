// Goal: the reference engine keeps the port that all engines are held to.
import { describe } from "vitest";
import { memory } from "../../src/engines/memory/adapter.ts";
import { testPort } from "./port-cases.ts";

describe("memory", () => {
  testPort(memory());
});
