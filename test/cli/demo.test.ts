import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import type { FakeCluster, Misbehaviour } from "./fake_cluster.ts";
import { run } from "./fake_io.ts";

const demo = (wrong: Misbehaviour = {}, argv: string[] = [], tty = false) =>
  run(["demo", "--size", "2MiB", ...argv], { wrong, tty });

describe("troupe demo", () => {
  it("tells the story and ends well", async () => {
    const { code, stdout, stderr, clusters } = await demo();
    assert.equal(code, 0, stdout);
    assert.equal(stderr, "");
    assert.ok(!stdout.includes("FAIL") && !stdout.includes("\x1b"));
    for (
      const part of [
        /^troupe 0\.\d+\.\d+ - node 20$/m,
        /peer-1..5 started in 5 worker threads, seed 4217$/m,
        /^ *\d+\.\d\ds {2}all follow peer-1, epoch 1$/m,
        /^ *NAME +SIZE +FILE ID +HOLDERS$/m,
        /^ *film.bin +2\.0 MiB +[0-9a-f]{8} +peer-3, peer-5$/m,
        /^ +film.bin {2}50% /m,
        /peer-1 has downloaded film.bin from peer-3: 2.0 MiB in 5 ms/,
        /crash peer-1 \(terminate\)$/m,
        /failover \d+ ms = \d+ ms to notice \+ \d+ ms to elect; all follow peer-2, epoch 2/,
        /peer-2 has downloaded film.bin from peer-1/,
        /ok {4}never two trackers in one epoch \(2 epochs seen\)$/m,
        /^10 checks ok$/m,
        /^Try: {2}troupe up /m,
      ]
    ) assert.match(stdout, part);
    assert.ok(clusters[0]?.closed);
    assert.equal(leftBehind(clusters), false);
  });

  it("tells a program which checks held, and the story to stderr", async () => {
    const { code, stdout, stderr } = await demo({ noTracker: true }, ["--json"]);
    assert.equal(code, 1);
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
    const { v, passed, failed } = lines.pop();
    assert.deepEqual([v, passed + failed], [1, lines.length]);
    assert.ok(failed > 0 && lines.some(({ check, ok }) => check !== "" && !ok), stdout);
    assert.match(stderr, /started in 5 worker threads/);
  });

  it("shows only the checks with --quiet", async () => {
    const { stdout } = await demo({}, ["-q"]);
    const lines = stdout.trimEnd().split("\n").filter((line) => line !== "");
    for (const line of lines.slice(0, -1)) {
      assert.match(line, /^ *\d+\.\d\ds {2}ok {4}|^ +film.bin/);
    }
  });

  it("is in colour on a terminal, and leaves no line of progress there", async () => {
    const { stdout } = await demo({}, [], true);
    assert.ok(stdout.includes("\x1b[32mok  \x1b[39m"));
    assert.doesNotMatch(stdout, /^ +film.bin +\d+%/m);
  });

  const wrong: [what: string, wrong: Misbehaviour, says: RegExp][] = [
    ["bytes are wrong", { corrupt: true }, /FAIL {2}SHA-256 of the downloaded film.bin/],
    [
      "two trackers share an epoch",
      { twoTrackers: true },
      /FAIL {2}never two .*: peer-2 and peer-3 in epoch 2/,
    ],
    ["nobody is elected", { noTracker: true }, /FAIL {2}the demo comes to its end: No tracker/],
  ];
  for (const [what, misbehaviour, says] of wrong) {
    it(`ends with 1 when ${what}`, async () => {
      const { code, stdout, clusters } = await demo(misbehaviour);
      assert.equal(code, 1);
      assert.match(stdout, says);
      assert.match(stdout, /^\d+ of \d+ checks FAILED$/m);
      assert.ok(clusters[0]?.closed);
      assert.equal(leftBehind(clusters), false);
    });
  }

  it("stops on Ctrl-C, closes and tidies up", async () => {
    const { code, clusters } = await run(["demo", "--size", "2MiB"], {
      stopper: (stop) => setTimeout(() => stop("SIGINT"), 30),
    });
    assert.equal(code, 130);
    assert.ok(clusters.every((cluster) => cluster.closed));
    assert.equal(leftBehind(clusters), false);
  });
});

/** Whether the demo has left its temporary folder behind. */
function leftBehind(clusters: readonly FakeCluster[]): boolean {
  return clusters.some(({ options }) => existsSync(options.shared ?? ""));
}
