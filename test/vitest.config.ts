/**
 * Two projects: `unit` runs anywhere and side by side; `real` (`*.real.test.ts`) talks to real
 * engines, one file after another, since they share one Cassandra, one DynamoDB and one memcached.
 * Both resolve the package's own name to its sources.
 */
import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";

// Without "module": packages that name their bundler's files so cannot be loaded by Node from there.
const conditions = ["kvdal-source", "node", "development|production"];

const shared = {
  // As src/cli/launch.mjs starts everything else.
  execArgv: ["--conditions=kvdal-source", "--allow-natives-syntax"],
  // A worker of its own per file: the simulator's traps replace global clocks and chance.
  pool: "forks" as const,
};

const resolve = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["kvdal-source", "node"] } },
};

const real = "test/**/*.real.test.ts";

const config: ViteUserConfig = defineConfig({
  root: join(import.meta.dirname, ".."),
  test: {
    projects: [
      {
        ...resolve,
        test: {
          ...shared,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [real],
          // No test measures time; the bound is there for what hangs, on a machine that is busy with others.
          testTimeout: 60_000,
        },
      },
      {
        ...resolve,
        test: {
          ...shared,
          name: "real",
          include: [real],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

export default config;
