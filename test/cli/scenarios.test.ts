import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TraceLine } from "../../src/lab.ts";
import { findRun, listRuns } from "../../src/lab/run_folder/mod.ts";
import { eventually } from "../support/eventually.ts";
import { tempDir } from "../support/temp_dir.ts";
import { run } from "./fake_io.ts";

const CRASH = `scenario: a crash
cluster: { peers: 3 }
faults:
  - { at: 500ms, do: crash, who: tracker }
expect:
  always: [one-winner-per-epoch]
  eventually: { agreed: 2s }
  stats: { failover.p90: "< 900ms" }
until: 2s
`;

/** A folder with scenario files in it. */
async function folderWith(
  files: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly path: string }> {
  const dir = await tempDir();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir.path, name, ".."), { recursive: true });
    writeFileSync(join(dir.path, name), text);
  }
  return dir;
}

test("a scenario that passes is summed up, checks first, and keeps its run in a folder", async () => {
  await using dir = await folderWith({ "x.yaml": CRASH });
  const { code, stdout, stderr } = await run(["run", "x.yaml", "--runs", "5"], { cwd: dir.path });
  assert.deepEqual([code, stderr], [0, ""], stdout);
  assert.match(stdout, /^a crash {3}5 runs sim {3}3 peers {3}protocol troupe {3}seed 1\.\.5\n/);
  assert.match(stdout, /ok {4}one-winner-per-epoch +5 of 5\n/);
  assert.match(stdout, /ok {4}failover\.p90 < 900 +failover\.p90 is \d+(\.\d)?, n 5\n/);
  assert.match(stdout, /FAILOVER {3}n 5 {3}mean \d+ ms/);
  assert.doesNotMatch(stdout, /replay/);
  const folder = await findRun(dir.path, "latest");
  assert.equal((await folder.results()).length, 5);
  assert.equal((await folder.verdict())?.verdict, "pass");
  assert.equal(readFileSync(join(folder.path, "x.yaml"), "utf8"), CRASH);
  const [seed] = await folder.traced();
  const lines: TraceLine[] = [];
  for await (const line of folder.events(seed!)) lines.push(line);
  const win = lines.filter(({ kind }) => kind === "election.win").at(-1);
  assert.ok(lines.some(({ seq }) => seq === win?.cause), "the win has a cause in the trace");
});

test("several jobs come to the same results as one", async () => {
  await using dir = await folderWith({ "x.yaml": CRASH });
  for (const jobs of ["1", "2"]) {
    await run(["run", "x.yaml", "--runs", "4", "--jobs", jobs], { cwd: dir.path });
  }
  const [two, one] = await listRuns(dir.path);
  const stats = async (folder: typeof one): Promise<unknown[]> =>
    (await folder!.results()).sort((a, b) => Number(a.seed) - Number(b.seed))
      .map((result) => [result.seed, result.stats]);
  assert.deepEqual(await stats(two), await stats(one));
});

test("a scenario that fails exits with 1 and prints exactly one line that shows it again", async () => {
  const text = CRASH.replace("< 900ms", "< 1ms");
  await using dir = await folderWith({ "x.yaml": text });
  const { code, stdout } = await run(["run", "x.yaml", "--seed", "7"], { cwd: dir.path });
  assert.equal(code, 1);
  const commands = [...stdout.matchAll(/troupe replay \S+ --seed \d+/g)].map(([line]) => line);
  assert.equal(commands.length, 1);
  const again = await run(commands[0]!.split(" ").slice(1), { cwd: dir.path });
  assert.equal(again.code, 1);
  assert.match(again.stdout, /0\.500s +crash peer-\d/);
  assert.match(again.stdout, /FAIL {2}failover\.p90 < 1: failover\.p90 is \d+/);
  assert.match(again.stdout, /the same run as before, event for event\n$/);
});

test("a fault that never fires makes a run inconclusive: 3", async () => {
  const text = CRASH.replace("at: 500ms", "when: { event: win, nth: 9 }");
  await using dir = await folderWith({ "x.yaml": text });
  const { code, stdout } = await run(["run", "x.yaml"], { cwd: dir.path });
  assert.equal(code, 3);
  assert.match(stdout, /\?\? {4}faults-fired/);
});

test("a bad file is told with its line and a caret: 2; nothing is run", async () => {
  await using dir = await folderWith({ "x.yaml": CRASH.replace("tracker", "traker") });
  for (const command of ["run", "check"]) {
    const { code, stdout, stderr } = await run([command, "x.yaml"], { cwd: dir.path });
    assert.equal(code, 2);
    assert.match(
      stdout + stderr,
      /x\.yaml:4:34 {2}faults\[0\]\.who is "traker" - did you mean "tracker"\?\n +4 \|.*\n +\| +\^{6}\n1 problem\./,
    );
  }
  assert.deepEqual(await listRuns(dir.path), []);
});

test("what threads cannot do is refused beforehand, by name", async () => {
  const text = CRASH.replace("do: crash", "do: clock, rate: 1.1, for: 1s");
  await using dir = await folderWith({ "x.yaml": text });
  const { code, stderr } = await run(["run", "x.yaml", "--live"], { cwd: dir.path });
  assert.equal(code, 2);
  assert.match(stderr, /--live cannot run this scenario: f1 \(clock\): /);
});

test("folders are searched for scenarios, each is told in a line, and one failure decides", async () => {
  await using dir = await folderWith({
    "all/good.yaml": CRASH,
    "all/deep/bad.yaml": CRASH.replace("< 900ms", "< 1ms").replace("a crash", "too slow"),
    "all/notes.txt": "no scenario",
  });
  const { code, stdout } = await run(["run", "all"], { cwd: dir.path });
  assert.equal(code, 1);
  assert.match(stdout, /^FAIL {2}too slow {3}1 run, .*\n +failover\.p90 < 1: failover\.p90 is/);
  assert.match(stdout, /\nok {4}a crash {3}1 run, /);
  assert.match(stdout, /1 of 2 scenarios passed, 1 failed, 0 inconclusive\n$/);
});

test("a matrix runs every combination, values of the file are set, and a dry run only tells", async () => {
  await using dir = await folderWith({ "x.yaml": CRASH });
  const matrix = ["--matrix", "cluster.peers=3,5", "--matrix", "cluster.profile=fast,turbo"];
  const dry = await run(["run", "x.yaml", "--dry-run", "--set", "until=3s", ...matrix], {
    cwd: dir.path,
  });
  assert.equal(dry.stdout.match(/^a crash peers=\d profile=\w+$/gm)?.length, 4);
  assert.match(dry.stdout, /f1 +at 500 ms: crash tracker/);
  assert.match(dry.stdout, /end +after 3\.00 s/);
  const { code, stdout } = await run(["run", "x.yaml", ...matrix, "--json"], { cwd: dir.path });
  assert.equal(code, 0);
  const names = stdout.trim().split("\n").map((line) => JSON.parse(line)).map(({ name }) => name);
  assert.deepEqual(names, [
    "a crash peers=3 profile=fast",
    "a crash peers=3 profile=turbo",
    "a crash peers=5 profile=fast",
    "a crash peers=5 profile=turbo",
  ]);
});

test("runs are listed, shown again and found by the beginning of their id", async () => {
  await using dir = await folderWith({ "x.yaml": CRASH });
  const first = await run(["run", "x.yaml"], { cwd: dir.path });
  const [folder] = await listRuns(dir.path);
  const list = await run(["runs"], { cwd: dir.path });
  assert.match(
    list.stdout,
    /^RUN +VERDICT +MODE +RUNS +SCENARIO\n\S+-a-crash +ok +sim +1 +a crash\n/,
  );
  const shown = await run(["show", folder!.id.slice(0, 12)], { cwd: dir.path });
  assert.equal(shown.stdout, first.stdout);
  const none = await run(["show", "nothing"], { cwd: dir.path });
  assert.equal(none.code, 2);
  assert.match(none.stderr, /There is no run "nothing"\n {2}troupe runs lists them/);
});

test("a scenario that shows a failure passes when some run shows it", async () => {
  const text = `scenario: the seed's own voting
cluster: { peers: 3, protocol: seed-literal, unsafe: true }
faults:
  - { at: 100ms, do: link, who: all, to: all, jitter: 80ms, loss: 0.2, reorder: 0.5 }
  - { at: every 300ms..500ms, do: campaign, who: all }
fails: one-winner-per-epoch
`;
  await using dir = await folderWith({ "x.yaml": text });
  const { code, stdout } = await run(["run", "x.yaml", "--runs", "10", "--json"], {
    cwd: dir.path,
  });
  assert.equal(code, 0, stdout);
  const { summary } = JSON.parse(stdout);
  const { firstFailure } = summary.checks[0];
  assert.equal(firstFailure.culprit, "I1");
  assert.match(firstFailure.message, /peer-\d and peer-\d both won epoch \d+/);
  const folder = await findRun(dir.path, "latest");
  const wins = new Set<string>();
  for await (const { seq, kind, peer } of folder.events(summary.worst)) {
    if (firstFailure.evidence.includes(seq) && kind === "election.win") wins.add(peer!);
  }
  assert.equal(wins.size, 2, "the evidence holds the wins of two peers");
});

test("the schema is one that editors read", async () => {
  const { code, stdout } = await run(["schema"]);
  assert.equal(code, 0);
  const schema = JSON.parse(stdout);
  assert.equal(schema.type, "object");
  assert.ok("faults" in schema.properties);
});

test("a run that is interrupted keeps what it has, decides nothing, and ends with 130", async () => {
  await using dir = await folderWith({ "x.yaml": CRASH });
  let stop: ((stop: "SIGINT") => void) | undefined;
  const running = run(["run", "x.yaml", "--runs", "100000"], {
    cwd: dir.path,
    stopper: (fn) => stop = fn,
  });
  await eventually("a few results", async () => {
    const [folder] = await listRuns(dir.path);
    return folder !== undefined && (await folder.results()).length > 2;
  });
  stop!("SIGINT");
  const { code, stdout } = await running;
  assert.equal(code, 130);
  assert.match(stdout, /ok {4}one-winner-per-epoch +\d+ of \d+\n/);
  const [folder] = await listRuns(dir.path);
  assert.equal((await folder!.verdict())?.verdict, "inconclusive");
});
