// `npm run nightly`, `deno task nightly`: what takes too long for every commit. Random elections by the hundred thousand, and the model
// checker in wider bounds, each stopped after so many states where it has no end in sight; 20,000 random downloads, and one of 1 GiB
// whose holders, tracker and downloader die. Fails if one finds something.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const DENO = "deno" in process.versions;
const ELECTIONS = "src/lab/elections/main";
const CLI = "src/cli/main";

/** Exit code of a check that found nothing and was stopped before its end. */
const INCONCLUSIVE = 3;

/** Tests that say themselves what they do in full. */
const FULL = { PROPERTY_CASES: "20000", TRANSFER_MIB: "1024" };

const STEPS = [
  ["test/sharing/download_property.test"],
  ["test/cluster/sharing_faults.test"],
  [ELECTIONS, "--seeds", "200000", "--jobs", "2"],
  [CLI, "verify", "--peers", "3", "--epochs", "3", "--restarts", "1"],
  [CLI, "verify", "--peers", "4", "--epochs", "2", "--restarts", "1"],
  [CLI, "verify", "--peers", "3", "--epochs", "2", "--restarts", "2", "--wipes", "1"],
  [CLI, "verify", "--peers", "3", "--epochs", "2", "--restarts", "1", "--disk-faults", "1"],
  [CLI, "verify", "--peers", "3", "--epochs", "4", "--restarts", "1", "--max-states", "20000000"],
  [CLI, "verify", "--peers", "5", "--epochs", "2", "--restarts", "1", "--max-states", "20000000"],
];

/** How this runtime runs a module of ours: Node what was built, Deno the source. */
function command([module, ...args]) {
  const path = fileURLToPath(
    new URL(DENO ? `../${module}.ts` : `../dist/${module}.js`, import.meta.url),
  );
  if (!DENO) return [path, ...args];
  const run = module.endsWith(".test") ? ["test", "--no-check"] : ["run"];
  return [...run, "-A", path, ...args];
}

const failed = STEPS.filter((step) => {
  const began = performance.now();
  console.log(`\n== ${step.join(" ")}`);
  const { status } = spawnSync(process.execPath, command(step), {
    stdio: "inherit",
    env: { ...process.env, ...FULL },
  });
  console.log(`-- ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return status !== 0 && !(status === INCONCLUSIVE && step.includes("--max-states"));
});
for (const step of failed) console.log(`FAILED: ${step.join(" ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
