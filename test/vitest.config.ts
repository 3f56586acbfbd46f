/**
 * Two projects: `unit` runs anywhere; `real` (`*.real.test.ts`) talks to real engines. Files run side by side in both:
 * those that share an engine keep to names of their own in it. Both resolve the package's own name to its sources.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig, type Plugin, type ViteUserConfig } from "vitest/config";
import { POINT_FILES, withPoints } from "../sim/amplify/plant.ts";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const ROOT = join(import.meta.dirname, "..");

// Without "module": packages that name their bundler's files so cannot be loaded by Node from there.
const conditions = ["kvdal-source", "node", "development|production"];

/** Amplification points, as processes that simulate have them put in while they load (sim/amplify). */
const amplified: Plugin = {
  name: "kvdal-amplification-points",
  enforce: "pre",
  transform: (source, id) => {
    const file = POINT_FILES.find((path) => id === join(ROOT, path));
    return file === undefined ? undefined : { code: withPoints(file, source), map: null };
  },
};

const shared = {
  // As src/cli/launch.mjs starts everything else.
  execArgv: ["--conditions=kvdal-source", "--allow-natives-syntax"],
  pool: "forks" as const,
};

/** The files that take longest, in each project: begun first, so that none of them runs alone at the end. */
const LONGEST = [
  "test/sim/real-worlds.real.test.ts",
  "test/cluster/cluster.real.test.ts",
  "test/conformance/dynamodb.real.test.ts",
  "test/conformance/cassandra.real.test.ts",
  "test/conformance/flaws.test.ts",
  "test/sim/pull-request.test.ts",
  "test/sim/determinism.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((file) => moduleId.endsWith(file));
      return at === -1 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

const resolve = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["kvdal-source", "node"] } },
};

const real = "test/**/*.real.test.ts";

const config: ViteUserConfig = defineConfig({
  root: ROOT,
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ...resolve,
        plugins: [amplified],
        test: {
          ...shared,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [real],
          // No test on real engines has properties, and each file would load what they need.
          setupFiles: ["test/properties.ts"],
          // Vitest would leave one core to itself, which idles.
          maxWorkers: availableParallelism(),
          // A third of the time went into loading the same modules anew for each file. None of these tests leaves
          // anything behind: the simulator lifts its traps when it leaves the run loop.
          isolate: false,
          sequence: { groupOrder: 0 },
          // No test measures time; the bound is there for what hangs, on a machine that is busy with others.
          testTimeout: 60_000,
        },
      },
      {
        ...resolve,
        plugins: [amplified],
        test: {
          ...shared,
          name: "real",
          include: [real],
          // More than cores: these tests wait for engines, the conformance suites for a minute of engines' clocks.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

export default config;
