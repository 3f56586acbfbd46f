// Goal: the simulated engines keep the port that all engines are held to.
import { describe } from "vitest";
import { conditional, replicated } from "kvdal/sim";
import { testPort } from "./port-cases.ts";

describe("conditional", () => {
  testPort(conditional());
});

describe("replicated", () => {
  testPort(replicated());
});
