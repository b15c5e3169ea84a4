import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fuzzSchedule } from "../../../src/lab/fuzz/mod.ts";
import { type RunResult, runSchedule } from "../../../src/lab/run/mod.ts";
import { RunFolderWriter, runInto } from "../../../src/lab/run_folder/mod.ts";
import { parseScenario, type Schedule } from "../../../src/lab/scenario/mod.ts";
import { culpritOf, shows, shrink, untimedStory } from "../../../src/lab/shrink/mod.ts";
import { run } from "../../cli/fake_io.ts";
import { tempDir } from "../../support/temp_dir.ts";

const MUTANT = "cede-without-withdrawing";
/** Draws 39 crashes, partitions and elections, and breaks the mutant. */
const SEED = "4657";

interface Failure {
  readonly schedule: Schedule;
  readonly seed: string;
  readonly result: RunResult;
}

async function manyFaults(): Promise<Failure> {
  const schedule = fuzzSchedule(SEED, { mutant: MUTANT });
  assert.equal(schedule.faults.length, 39);
  const result = await runSchedule(schedule, { seed: SEED, mode: "sim" });
  assert.equal(culpritOf(result)?.id, "I4");
  return { schedule, seed: SEED, result };
}

describe("a failing schedule of 39 faults, of a mutant", () => {
  let failure: Promise<Failure> | undefined;
  const found = (): Promise<Failure> => failure ??= manyFaults();

  it("comes to at most 3 faults, which show the same with whole peers", async (t) => {
    const { schedule, seed, result } = await found();
    const culprit = culpritOf(result)!;
    const smallest = await shrink({ schedule, fired: result.fired, seed, culprit });
    const { faults } = smallest.schedule;
    t.diagnostic(
      `${schedule.faults.length} faults -> ${faults.length}, ${smallest.runs} runs, ${
        Math.round(smallest.ms)
      } ms`,
    );
    assert.ok(faults.length <= 3, `${faults.length} faults are left`);
    const again = await runSchedule(smallest.schedule, { seed: smallest.seed, mode: "sim" });
    assert.ok(shows(again, culprit));
    assert.ok(smallest.log.some(({ kept }) => kept));
  });

  it("is shrunk by troupe shrink to a file that troupe run fails with", async () => {
    const { schedule, seed } = await found();
    await using dir = await tempDir();
    {
      const now = new Date(0);
      await using writer = await RunFolderWriter.create(dir.path, schedule, { now });
      await runInto(schedule, { writer, seeds: [seed], mode: "sim", time: now });
    }
    const argv = ["shrink", "latest", "-o", "small.yaml", "--json"];
    const { code, stdout, stderr } = await run(argv, { cwd: dir.path });
    assert.deepEqual([code, stderr], [0, ""]);
    const said = JSON.parse(stdout);
    assert.equal(said.faults.before, schedule.faults.length);
    assert.equal(said.culprit.id, "I4");
    const text = await readFile(join(dir.path, "small.yaml"), "utf8");
    const { schedule: written, runs } = await parseScenario(text);
    assert.ok(written.faults.length <= 3);
    assert.equal(String(runs.seed), said.seed);
    const again = await run(["run", "small.yaml"], { cwd: dir.path });
    assert.equal(again.code, 1, again.stdout);
    assert.match(again.stdout, /FAIL +candidacies-closed/);
  });

  it("is refused with a seed with which it does not fail", async () => {
    const { schedule, result } = await found();
    const culprit = culpritOf(result)!;
    const healthy = { ...schedule, cluster: { peers: 3 }, faults: [] };
    await assert.rejects(
      shrink({ schedule: healthy, seed: "1", culprit }),
      /seed is "1", expected one with which candidacies-closed fails/,
    );
  });
});

describe("the story without clocks", () => {
  it("is told of a mutant whose bug needs none, and of no other", () => {
    const story = untimedStory("cede-from-any-role")!;
    assert.match(story[0]!, /^I\d+: /);
    assert.ok(story.length > 5);
    assert.equal(untimedStory("lease-from-receive-time"), undefined);
  });
});
