import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import type { Stop } from "../../src/cli/io.ts";
import { eventually } from "../support/eventually.ts";
import { tempDir } from "../support/temp_dir.ts";
import type { RunOptions } from "./fake_io.ts";
import { run } from "./fake_io.ts";

/** Runs `lines` through `troupe up` in a folder of its own. */
async function script(lines: string[], argv: string[] = [], options: RunOptions = {}) {
  await using dir = await tempDir();
  const stdin = lines.map((line) => `${line}\n`).join("");
  const ran = await run(["up", ...argv], { stdin, cwd: dir.path, ...options });
  const [cluster] = ran.clusters;
  assert.ok(cluster);
  assert.ok(cluster.closed, "the cluster is closed");
  return { ...ran, cluster };
}

describe("troupe up with piped input", () => {
  it("runs the lines one after the other, results on stdout alone", async () => {
    const { code, stdout, stderr, cluster } = await script([
      "use 2",
      "list my",
      "quit",
      "list net",
    ]);
    assert.equal(code, 0);
    assert.deepEqual(stdout.split("\n").map((line) => line.split(/\s{2,}/)[0]), [
      "at peer-2",
      "NAME",
      "common.txt",
      "fileA.txt",
      "unique_to_peer2.txt",
      "stopping the cluster, 5 peers",
      "",
    ]);
    assert.match(stderr, /^troupe .* 5 peers .* quorum 3 .* seed 4217\nfolder /);
    assert.equal(cluster.calls[0], "tracker above 0", "waits for a tracker first");
  });

  it("has no prompt and no colours, not even when somebody wants them on a terminal", async () => {
    const lines = ["crash tracker", "nonsense", "list net", "get fileA.txt"];
    const { stdout, stderr } = await script(lines, [], { env: { TERM: "xterm-256color" } });
    // deno-lint-ignore no-control-regex -- what must not be there begins with one
    assert.doesNotMatch(stdout + stderr, /[\x1b\r]|> $/m);
  });

  it("paints when told to", async () => {
    const { stderr } = await script(["nonsense"], ["--color", "always"]);
    assert.ok(stderr.includes('\x1b[31mUnknown command "nonsense"'), stderr);
  });

  it("goes on after an error, tells it on stderr, and ends with 1", async () => {
    const { code, stdout, stderr } = await script(["serch a", "list", "use 9", "use 3"]);
    assert.equal(code, 1);
    assert.equal(stdout, "at peer-3\n");
    assert.match(stderr, /Unknown command "serch"; did you mean "search"\?\n/);
    assert.match(stderr, /"list" needs another word: list my or list net\n/);
    assert.match(stderr, /There is no peer "9"; expected peer-1 to peer-5/);
  });

  it("takes the end of the input for quit, a last line without a line feed, comments and CRLF", async () => {
    await using dir = await tempDir();
    const stdin = "# two peers\r\nuse 2\r\n\r\nuse 3";
    const { code, stdout } = await run(["up"], { stdin, cwd: dir.path });
    assert.deepEqual([code, stdout], [0, "at peer-2\nat peer-3\n"]);
  });

  it("says nothing but results with --quiet", async () => {
    const { stdout, stderr } = await script(["crash 2", "quit"], ["-q"]);
    assert.equal(stderr, "");
    assert.equal(stdout, "crashed peer-2 (terminate)\nstopping the cluster, 5 peers\n");
  });

  it("tells what happens as lines on stderr", async () => {
    const { stderr } = await script(["crash tracker throw"]);
    assert.match(stderr, /^\d\d:\d\d:\d\d crash peer-1 \(throw\)$/m);
    assert.match(stderr, /^\d\d:\d\d:\d\d peer-2 is TRACKER of epoch 2$/m);
  });

  it("still runs the commands when nobody is elected, and ends with 1", async () => {
    const { code, stdout, stderr } = await script(["peers"], ["-q"], {
      wrong: { noTracker: true },
    });
    assert.equal(code, 1);
    assert.match(stderr, /No tracker within 10000 ms/);
    assert.match(stdout, /^PEER /);
  });
});

describe("the commands", () => {
  it("search numbers the holders, get takes the number, or the number alone does", async () => {
    const { code, stdout, cluster } = await script(["use 2", "search fileB", "2", "get 1"]);
    assert.equal(code, 0);
    assert.match(stdout, /^fileB: 1 file, 3 holders\n# {2}NAME /m);
    assert.match(stdout, /^2 {2}fileB.txt {2}41 B {2}[0-9a-f]{8} {2}peer-3$/m);
    assert.match(stdout, /^downloaded fileB.txt: 41 B in 5 ms from peer-3 -> .*peer-2.fileB.txt$/m);
    const id = cluster.calls.find((call) => call.startsWith("download"))?.split(" ")[2];
    assert.match(id ?? "", /^[0-9a-f]{64}$/);
    assert.ok(cluster.calls.includes(`download peer-2 ${id} peer-1`));
  });

  it("get asks for a name, a name with spaces, an id, and one holder", async () => {
    const { code, cluster } = await script([
      "get fileA.txt from 4",
      'get "fileA.txt" from peer-2',
      "get unique_to_peer3.txt",
    ]);
    assert.equal(code, 0);
    assert.deepEqual(cluster.calls.filter((call) => call.startsWith("download")), [
      "download peer-1 fileA.txt peer-4",
      "download peer-1 fileA.txt peer-2",
      "download peer-1 unique_to_peer3.txt -",
    ]);
  });

  it("get saves the file, whole", async () => {
    await using dir = await tempDir();
    const argv = ["up", "--downloads", join(dir.path, "got")];
    await run(argv, { stdin: "use 2\nget unique_to_peer5.txt\n", cwd: dir.path });
    const saved = await readFile(join(dir.path, "got", "peer-2", "unique_to_peer5.txt"), "utf8");
    assert.equal(saved, "Only peer-5 has this file.\n");
  });

  it("get says what is wrong with what it was given", async () => {
    const { code, stderr } = await script([
      "get",
      "get 1",
      "search fileA",
      "get 7",
      "get a from 77",
      "get a from",
      "get nothing.txt",
      "search",
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /^Usage: get <name\|id\|number\|folder\/> \[from <peer>\]$/m);
    assert.match(stderr, /^Number 1 of what\? Search first$/m);
    assert.match(stderr, /^The last search has no number 7, only 1 to 2$/m);
    assert.match(stderr, /^There is no peer "77"/m);
    assert.match(stderr, /^From which peer\?/m);
    assert.match(stderr, /^Nobody has "nothing.txt"$/m);
    assert.match(stderr, /^Search for what\? Usage: search \[name\]$/m);
  });

  it("search says when nothing matches, which is no error", async () => {
    const { code, stdout } = await script(["search xyzzy"]);
    assert.deepEqual([code, stdout], [0, 'Nothing matches "xyzzy"\n']);
  });

  it("crash waits for the next tracker and tells it", async () => {
    const { code, stdout, cluster } = await script(["crash tracker", "crash 3 hang hold", "crash"]);
    assert.equal(code, 0);
    assert.match(stdout, /^crashed peer-1 \(terminate\), it was tracker of epoch 1$/m);
    assert.match(stdout, /^tracker is peer-2, epoch 2, all agree after \d+ ms$/m);
    assert.match(stdout, /^crashed peer-3 \(hang\); it stays down$/m);
    assert.ok(cluster.calls.includes("crash peer-1 - -"));
    assert.ok(cluster.calls.includes("crash peer-3 hang hold"));
    assert.equal(cluster.calls.at(-1), "crash peer-1 - -", "without a name it is this peer");
  });

  it("crash refuses words that it does not know", async () => {
    const { stderr, cluster } = await script(["crash 2 explode", "crash 2 3"]);
    assert.match(stderr, /What is "explode"\? Usage: crash/);
    assert.match(stderr, /What is "3"\?/);
    assert.deepEqual(cluster.calls.filter((call) => call.startsWith("crash")), []);
  });

  it("a command at a peer that is down says what helps, and restart does", async () => {
    const { code, stdout, stderr } = await script([
      "use 3",
      "crash 3 hold",
      "list my",
      "restart",
      "list my",
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /^peer-3 is down: "restart" starts it, "use <peer>" goes to another$/m);
    assert.match(stdout, /restarted peer-3\nNAME/);
  });

  it("election starts one and waits for its tracker", async () => {
    const { stdout, cluster } = await script(["use 4", "election"]);
    assert.match(stdout, /peer-4 starts an election\ntracker is peer-2, epoch 2/);
    assert.ok(cluster.calls.includes("election peer-4"));
  });

  it("get of a folder tells what came and what did not", async () => {
    const { stdout, stderr } = await script(["get music/"]);
    assert.match(stdout, /^downloaded music\/: 2 files, 2\.0 KiB, 1 file there already$/m);
    assert.match(stderr, /^not downloaded: music\/b\.txt: nobody has it$/m);
  });

  it("verify tells what was damaged, and what could be mended", async () => {
    const { stdout, stderr } = await script(["verify"]);
    assert.match(stdout, /^a\.txt: chunks 3,7-9 were damaged, mended$/m);
    assert.match(stderr, /^b\.txt: chunks 0 were damaged, not mended: nobody has it$/m);
    assert.match(stdout, /^peer-1 verified 4 files, 4\.0 KiB$/m);
  });

  it("status, peers, transfers, log, refresh and help print what they know", async () => {
    const { stdout, stderr } = await script([
      "status",
      "status 2",
      "peers",
      "transfers",
      "log 2",
      "refresh",
      "help",
      "help list net",
      "cancel t1",
    ]);
    assert.match(stdout, /^peer-1\n {2}uri +troupe:peer-1\n {2}role +TRACKER\n/m);
    assert.match(stdout, /^ {2}catalogue +9 files of peer-1, peer-2/m);
    assert.match(stdout, /^peer-1 \* +TRACKER +1 +peer-1$/m);
    assert.match(stdout, /^No downloads under way$/m);
    assert.match(stdout, /logs.peer-2\.log$/m);
    assert.match(stdout, /^\+ new.txt\n- old.txt\npeer-1 shares \d+ files$/m);
    assert.match(stderr, /^not shared: a\\x00b: its name has a NUL$/m);
    assert.match(stdout, /^list net\n {2}files of the network/m);
    assert.match(stdout, /^cancelled t1$/m);
  });
});

describe("troupe up", () => {
  it("makes the seed's sample files where no folder is given", async () => {
    await using dir = await tempDir();
    const { clusters } = await run(["up", "-n", "3"], { cwd: dir.path });
    const { shared = "", folder = "" } = clusters[0]?.options ?? {};
    assert.ok(folder.startsWith(join(dir.path, ".troupe", "runs")));
    const text = await readFile(join(shared, "peer-3", "fileC.txt"), "utf8");
    assert.equal(text, "The first and the last peer have this file.\n");
    await assert.rejects(stat(join(shared, "peer-2", "fileC.txt")));
  });

  it("gives its options to the cluster", async () => {
    await using dir = await tempDir();
    const argv = ["up", "-n", "4", "--share", ".", "--profile", "fast", "--seed", "7"];
    const more = ["--quorum", "1", "--unsafe", "--no-restart", "--downloads", "got"];
    const { clusters, code } = await run([...argv, ...more], { cwd: dir.path });
    assert.equal(code, 0);
    const { folder: _, onEvent: __, ...options } = clusters[0]?.options ?? {};
    assert.deepEqual(options, {
      peers: 4,
      shared: dir.path,
      downloads: join(dir.path, "got"),
      profile: "fast",
      protocol: "troupe",
      seed: "7",
      quorum: 1,
      unsafe: true,
      restart: false,
    });
  });

  it("is loud where an invariant of the election breaks, with the evidence", async () => {
    await using dir = await tempDir();
    const { stderr } = await run(["up"], {
      cwd: dir.path,
      started: ({ options }) => {
        for (const peer of ["peer-1", "peer-2"]) {
          const data = { peer, epoch: 1, tally: [peer], quorum: 3 };
          const where = { node: "main" as never, actor: undefined, name: peer };
          options.onEvent?.({ kind: "election.win", at: 1, data, ...where });
        }
      },
    });
    assert.match(
      stderr,
      /VIOLATION of the election\nI1: peer-1 and peer-2 both won epoch 1\n.*1.000 ms {2}peer-1 {2}win/,
    );
  });

  it("leaves nothing behind when the cluster does not start", async () => {
    await using dir = await tempDir();
    const { code } = await run(["up", "--quorum", "1"], { cwd: dir.path });
    assert.equal(code, 2);
    await assert.rejects(stat(join(dir.path, ".troupe", "runs", "shared")));
  });

  it("stops after --for, and no sooner because the input ends", async () => {
    await using dir = await tempDir();
    const from = performance.now();
    const { code, stderr } = await run(["up", "--for", "150ms"], { cwd: dir.path });
    assert.equal(code, 0);
    assert.ok(performance.now() - from >= 140);
    assert.match(stderr, /stopping the cluster\n$/);
  });

  it("reads no commands with --no-console", async () => {
    const { code, stdout } = await script(["list net"], ["--no-console", "--for", "50ms"]);
    assert.deepEqual([code, stdout], [0, ""]);
  });

  const codes: [Stop, number][] = [["SIGINT", 130], ["SIGTERM", 143], ["EPIPE", 0]];
  for (const [how, expected] of codes) {
    it(`closes the cluster on ${how} and ends with ${expected}`, async () => {
      await using dir = await tempDir();
      let stop: (stop: Stop) => void = () => {};
      const ran = run(["up"], {
        stdin: new PassThrough(),
        cwd: dir.path,
        stopper: (fn) => stop = fn,
        started: () => setTimeout(() => stop(how), 20),
      });
      const { code, clusters, exits } = await ran;
      assert.deepEqual([code, exits], [expected, []]);
      assert.ok(clusters[0]?.closed);
    });
  }

  it("closes the cluster when it is stopped before the first command", async () => {
    await using dir = await tempDir();
    let stop: (stop: Stop) => void = () => {};
    const { code, clusters } = await run(["up"], {
      stdin: new PassThrough(),
      cwd: dir.path,
      stopper: (fn) => stop = fn,
      started: () => stop("SIGTERM"),
    });
    assert.equal(code, 143);
    assert.ok(clusters[0]?.closed);
  });

  it("ends at once on a second Ctrl-C, when closing takes too long", async () => {
    await using dir = await tempDir();
    let stop: (stop: Stop) => void = () => {};
    const exits: number[] = [];
    let started = false;
    void run(["up", "--no-console"], {
      cwd: dir.path,
      wrong: { neverCloses: true },
      stopper: (fn) => stop = fn,
      started: () => started = true,
      exits,
    });
    await eventually("the cluster", () => started);
    stop("SIGINT");
    assert.deepEqual(exits, []);
    stop("SIGINT");
    assert.deepEqual(exits, [130]);
  });
});
