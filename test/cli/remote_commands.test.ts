import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openControl } from "../../src/cli/control/open.ts";
import type { Stop } from "../../src/cli/io.ts";
import { eventually } from "../support/eventually.ts";
import { tempDir } from "../support/temp_dir.ts";
import { FakeCluster } from "./fake_cluster.ts";
import type { RunOptions } from "./fake_io.ts";
import { run } from "./fake_io.ts";

/** A cluster of this process with a control socket, and the command line of another terminal. */
async function hosted(name = "brisk-otter") {
  const dir = await tempDir();
  const env = { XDG_RUNTIME_DIR: dir.path, XDG_STATE_HOME: dir.path };
  const cluster = new FakeCluster({ folder: join(dir.path, "run"), seed: 7 });
  const down = new AbortController();
  const control = await openControl({
    env,
    name,
    runtime: "node 20",
    cluster,
    startedAt: Date.now(),
    down: () => down.abort(),
  });
  const ended = new Promise<void>((resolve) =>
    down.signal.addEventListener("abort", () => resolve(control[Symbol.asyncDispose]()))
  );
  return {
    dir,
    cluster,
    ended,
    troupe: (argv: string[], options: RunOptions = {}) =>
      run(argv, { cwd: dir.path, ...options, env: { ...env, ...options.env } }),
    async [Symbol.asyncDispose]() {
      await control[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

describe("commands on a running cluster", () => {
  it("show its peers at a glance, for people and for programs", async () => {
    await using host = await hosted();
    const { stdout } = await host.troupe(["status"]);
    assert.match(stdout, /^brisk-otter {3}seed 7 {3}node 20\nPEER +ROLE +EPOCH +TRACKER/);
    assert.match(stdout, /^peer-1 +TRACKER\* +1 +peer-1/m);
    const { stdout: json } = await host.troupe(["status", "brisk-otter", "--json"]);
    const { v, cluster, peers, faults } = JSON.parse(json);
    assert.deepEqual([v, cluster, peers.length, faults], [1, "brisk-otter", 5, []]);
    assert.equal(peers[1].status.role, "follower");
    const { stdout: listed } = await host.troupe(["ps"]);
    assert.match(listed, /^brisk-otter +5\/5 +peer-1 +1 /m);
  });

  it("crash and restart peers, which may be named in several ways", async () => {
    await using host = await hosted();
    const { stdout } = await host.troupe(["crash", "tracker", "--how", "throw", "--hold"]);
    assert.equal(
      stdout,
      "crashed peer-1 (throw), it was tracker of epoch 1; it stays down\n",
    );
    assert.ok(host.cluster.calls.includes("crash peer-1 throw hold"));
    const { stdout: json } = await host.troupe(["restart", "brisk-otter/1", "--json"]);
    assert.deepEqual(JSON.parse(json), { v: 1, cluster: "brisk-otter", restarted: ["peer-1"] });
    assert.equal((await host.troupe(["restart", "all", "-q"])).code, 0);
    assert.equal((await host.troupe(["election", "3"])).stdout, "peer-3 starts an election\n");
    const wrong = await host.troupe(["crash", "9", "--json"]);
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    assert.equal(JSON.parse(wrong.stderr).error.code, "invalid_option");
  });

  it("crash a peer for a time, unless somebody starts it before", async () => {
    await using host = await hosted();
    const { calls, planned } = host.cluster;
    const { stdout } = await host.troupe(["crash", "2", "--for", "5s"]);
    assert.equal(stdout, "crashed peer-2 (terminate); it stays down for 5.00 s\n");
    assert.ok(calls.includes("crash peer-2 terminate hold"));
    assert.equal(host.cluster.view()[1]?.up, false);
    planned[0]?.();
    assert.equal(host.cluster.view()[1]?.up, true);

    planned.length = 0;
    await host.troupe(["crash", "2", "--for", "5s"]);
    assert.equal(planned.length, 1);
    await host.troupe(["restart", "2"]);
    assert.equal(planned.length, 0);
    const both = await host.troupe(["crash", "2", "--for", "5s", "--hold"]);
    assert.deepEqual([both.code, both.stdout], [2, ""]);
    assert.match(both.stderr, /'--hold' cannot be used with option '--for <time>'/);
  });

  it("show what changes again, until Ctrl-C or until the cluster is gone", async () => {
    await using host = await hosted();
    let [stop, listed, seen]: [(why: Stop) => void, string, string] = [() => {}, "", ""];
    const listing = host.troupe(["ps", "-w"], {
      stopper: (fn) => stop = fn,
      wrote: (text) => listed = text,
    });
    const watching = host.troupe(["status", "-w", "--json"], { wrote: (text) => seen = text });
    await eventually("both", () => seen !== "" && listed.includes("peer-1"));
    await host.troupe(["crash", "2", "--hold"]);
    await eventually("peer-2 to be seen down", () => /"id":"peer-2","up":false/.test(seen));
    await eventually("a peer less", () => /brisk-otter +4\/5/.test(listed));
    await host.troupe(["down"]);
    await host.ended;
    assert.equal((await watching).code, 0);
    await eventually(
      "the end",
      () => listed.endsWith("No cluster runs; troupe up --detach starts one.\n\n"),
    );
    stop("SIGINT");
    assert.equal((await listing).code, 130);
    // Once each: that it is up for longer is no change.
    assert.equal(listed.split("CLUSTER").length - 1, 2, listed);
  });

  it("cut the network for a time, change links, and heal everything", async () => {
    await using host = await hosted();
    const { calls, planned } = host.cluster;
    const cut = await host.troupe(["partition", "tracker", "--for", "2s"]);
    assert.equal(cut.stdout, "partitioned peer-1 / peer-2 peer-3 peer-4 peer-5 for 2.00 s\n");
    assert.equal(planned.length, 1);
    planned[0]?.();
    assert.ok(calls.includes("undo partition"));
    await host.troupe(["partition", "1,2", "/", "rest", "--one-way"]);
    assert.ok(calls.some((call) => call.endsWith('"peer-5"]],{"oneWay":true}]')), calls.join("\n"));
    await host.troupe(["link", "1", "2", "--delay", "50ms", "--drop", "10%", "--block"]);
    assert.ok(
      calls.includes('link [["peer-1"],["peer-2"],{"delay":50,"loss":0.1,"blocked":true}]'),
    );
    assert.equal((await host.troupe(["timers", "align", "2"])).code, 0);
    assert.ok(calls.includes("timers align peer-2"));
    const { stdout } = await host.troupe(["heal"]);
    assert.match(stdout, /^healed: partition of .*; link of peer-1 peer-2\n$/);
    assert.equal((await host.troupe(["heal"])).stdout, "nothing to heal\n");
  });

  const wrong: [argv: string[], says: RegExp][] = [
    [["partition", "1", "/"], /expected peers between slashes, as 1,2 \/ 3,4,5/],
    [["partition", "1,2,3,4,5"], /One of the groups is empty/],
    [["partition", "7"], /expected one of peer-1/],
    [["link", "1", "2"], /What of the link\?/],
    [["link", "1", "2", "--drop", "2"], /drop is "2", expected a part from 0 to 1/],
    [["timers", "sideways"], /how is "sideways"/],
    [["down", "--all", "x"], /Expected --all or x, not both/],
    [["status", "brisk-oter"], /did you mean "brisk-otter"\?/],
    [["logs", "--since", "yesterday"], /Expected a time ago as 10s, or a date/],
    [["logs", "--grep", "("], /Expected a regular expression/],
  ];
  for (const [argv, says] of wrong) {
    it(`refuse: ${argv.join(" ")}`, async () => {
      await using host = await hosted();
      const { code, stdout, stderr } = await host.troupe(argv);
      assert.notEqual(code, 0);
      assert.notEqual(code, 70);
      assert.equal(stdout, "");
      assert.match(stderr, says);
    });
  }

  it("show the last events of some kinds, and those that come", async () => {
    await using host = await hosted();
    host.cluster.emit("peer.up", { peer: "peer-2" });
    host.cluster.emit("election.win", { peer: "peer-1", epoch: 3 });
    const { stdout } = await host.troupe(["events", "--type", "election.*"]);
    assert.match(stdout, /^\d\d:\d\d:\d\d\.\d{3} {2}election\.win {2}peer-1 {2}epoch=3\n$/);
    let [stop, seen]: [(why: Stop) => void, string] = [() => {}, ""];
    const following = host.troupe(["events", "-f", "-n", "1", "--json", "--peer", "4"], {
      stopper: (fn) => stop = fn,
      wrote: (text) => seen = text,
    });
    await eventually("an event that comes to be seen", () => {
      host.cluster.emit("peer.down", { peer: "peer-4" });
      return seen.split("\n").length > 3;
    });
    stop("SIGINT");
    assert.equal((await following).code, 130);
    const event = JSON.parse(seen.split("\n")[0] ?? "");
    assert.deepEqual([event.v, event.kind, event.data.peer], [1, "peer.down", "peer-4"]);
  });

  it("show logs merged by time, filtered, and what is added to them", async () => {
    await using host = await hosted();
    const logs = join(host.cluster.folder, "logs");
    mkdirSync(logs, { recursive: true });
    const line = (atMs: number, kind: string, data: object): string =>
      `${JSON.stringify({ v: 1, time: new Date(atMs).toISOString(), atMs, kind, ...data })}\n`;
    for (const n of [1, 2, 3, 4, 5]) {
      writeFileSync(
        join(logs, `peer-${n}.log`),
        line(10 * n, "peer.up", { peer: `peer-${n}` }) + line(100 - n, "election.persist", {}) +
          (n === 2 ? '{"half a li' : ""),
      );
    }
    const { stdout } = await host.troupe(["logs", "3", "1"]);
    assert.equal(
      stdout,
      "peer-1 | 00:00:00.010 peer-1 is up\npeer-3 | 00:00:00.030 peer-3 is up\n",
    );
    assert.match(
      (await host.troupe(["logs", "--level", "all", "-n", "1"])).stdout,
      /^peer-1 .*persist/,
    );
    assert.match((await host.troupe(["logs", "--grep", "PEER-4 is"])).stdout, /^peer-4 [^\n]*\n$/);
    const raw = await host.troupe(["logs", "2", "--json", "-n", "1"]);
    assert.equal(raw.stdout, line(20, "peer.up", { peer: "peer-2" }));
    let seen = "";
    const following = host.troupe(["logs", "2", "-f", "-n", "1", "--level", "all"], {
      wrote: (text) => seen = text,
    });
    await eventually("what is there already", () => seen !== "");
    appendFileSync(
      join(logs, "peer-2.log"),
      `ne"}\n${line(200, "fault.crash", { peer: "peer-2" })}`,
    );
    const { stdout: stopped } = await host.troupe(["down"]);
    assert.equal(stopped, "stopped brisk-otter\n");
    await host.ended;
    const { code, stdout: followed } = await following;
    assert.equal(code, 0);
    assert.match(followed, /crash peer-2\n$/);
    const over = await host.troupe(["logs", "1", "--run", "run", "-n", "1"]);
    assert.match(over.stdout, /peer-1 is up/);
    const none = await host.troupe(["logs", "--run", "latest"]);
    assert.deepEqual([none.code, none.stdout], [2, ""]);
    mkdirSync(join(host.dir.path, ".troupe", "runs", "1128-101010-up-1"), { recursive: true });
    cpSync(logs, join(host.dir.path, ".troupe", "runs", "1128-101010-up-1", "logs"), {
      recursive: true,
    });
    const latest = await host.troupe(["logs", "1", "--run", "latest", "-n", "1"]);
    assert.equal(latest.stdout, over.stdout);
    assert.equal((await host.troupe(["logs", "1", "-n", "1"])).stdout, over.stdout);
  });

  it("run a script at a peer, one JSON object a line if wanted", async () => {
    await using host = await hosted();
    const { code, stdout } = await host.troupe(["attach", "2", "--json", "-q"], {
      stdin: "# comment\npeers\nnonsense\nquit\n",
    });
    assert.equal(code, 1);
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ line, ok }) => [line, ok]), [
      ["peers", true],
      ["nonsense", false],
      ["quit", true],
    ]);
    assert.match(lines[0].output, /peer-2 \*/);
    assert.match(lines[1].errors, /Unknown command "nonsense"/);
    assert.equal(lines[2].output, "stopped peer-2");
    assert.equal(host.cluster.view()[1]?.up, false);
  });

  it("say what to do where no cluster runs", async () => {
    await using dir = await tempDir();
    const env = { XDG_RUNTIME_DIR: dir.path };
    const { code, stderr } = await run(["status"], { env });
    assert.equal(code, 1);
    assert.match(stderr, /^error: No cluster runs\n {2}troupe ps lists/);
    const listed = await run(["ps", "--json"], { env });
    assert.deepEqual(JSON.parse(listed.stdout), { v: 1, clusters: [], silent: [] });
  });
});
