import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { History } from "../../src/cli/console/history.ts";
import { CODES } from "../../src/cli/explain/codes.ts";
import { EVENTS } from "../../src/cli/explain/events.ts";
import { runtime } from "../../src/cli/doctor/checks.ts";
import { EXIT } from "../../src/cli/exit_codes.ts";
import { EXIT_CODES } from "../../src/cli/explain/codes.ts";
import { readScenario } from "../../src/lab/scenario/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import { run } from "./fake_io.ts";
import { root } from "./root.ts";

describe("troupe explain", () => {
  it("says of events what docs/events.md says, and knows every exit code", () => {
    const documented = readFileSync(join(root(), "docs", "events.md"), "utf8");
    assert.ok(Object.keys(EVENTS).length > 30);
    for (const kind of Object.keys(EVENTS)) assert.ok(documented.includes(`\`${kind}\``), kind);
    for (const code of Object.values(EXIT)) assert.ok(Object.hasOwn(EXIT_CODES, String(code)));
  });

  it("says what a code means, and which one was meant", async () => {
    const { stdout } = await run(["explain", "noproc"]);
    assert.equal(stdout, `noproc (error)\n  ${CODES["noproc"]}\n`);
    const wrong = await run(["explain", "nopro"]);
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /did you mean "noproc"\?/);
    const { stdout: json } = await run(["explain", "election.win", "--json"]);
    assert.equal(JSON.parse(json).kind, "event");
  });
});

describe("troupe init", () => {
  it("makes folders and a scenario without a mistake, and overwrites nothing", async () => {
    await using dir = await tempDir();
    const { code, stdout } = await run(["init", "lab"], { cwd: dir.path });
    assert.equal(code, 0);
    assert.ok(stdout.includes("lab/failover.yaml\n") && stdout.includes("lab/files/peer-5/"));
    const path = join(dir.path, "lab", "failover.yaml");
    await readScenario(path);
    writeFileSync(path, "mine");
    const again = await run(["init", "lab"], { cwd: dir.path });
    assert.equal(again.code, 2);
    assert.match(again.stderr, /failover.yaml is there already/);
    assert.equal(readFileSync(path, "utf8"), "mine");
  });
});

describe("completion", () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    await using dir = await tempDir();
    const env = { XDG_RUNTIME_DIR: dir.path };
    const { stdout } = await run(["__complete", "--", ...words], { env });
    return stdout.split("\n").filter(Boolean);
  };

  it("knows commands, options, choices and operands", async () => {
    assert.deepEqual(await complete("ver"), ["verify"]);
    assert.ok((await complete("up", "--pr")).includes("--profile"));
    assert.deepEqual(await complete("up", "--profile", "t"), ["turbo"]);
    assert.deepEqual(await complete("completion", ""), ["bash", "zsh", "fish"]);
    assert.deepEqual(await complete("-q", "timers", "a"), ["align"]);
    assert.deepEqual(await complete("help", "doc"), ["doctor"]);
    assert.deepEqual(await complete("crash", "--how", "throw", "tr"), ["tracker"]);
    assert.deepEqual(await complete("attach", "nobody"), []);
    assert.deepEqual(await complete("show", "l"), ["latest"]);
  });

  it("is hidden from people, and a script for each shell asks it", async () => {
    assert.doesNotMatch((await run(["--help"])).stdout, /__complete/);
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code, stdout } = await run(["completion", shell]);
      assert.equal(code, 0);
      assert.match(stdout, /troupe __complete -- /);
    }
    assert.equal((await run(["completion", "tcsh"])).code, 2);
  });
});

describe("troupe doctor", () => {
  it("tells runtime, threads and sockets, for people and for programs", async () => {
    await using dir = await tempDir();
    const env = { XDG_RUNTIME_DIR: dir.path };
    const { code, stdout } = await run(["doctor"], { env, cwd: dir.path });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^ok +threads +a worker thread answers after \d+ ms$/m);
    assert.match(stdout, /^note +tmux +not found\n +troupe up --tmux needs it$/m);
    const { stdout: json } = await run(["doctor", "--json"], { env, cwd: dir.path });
    assert.equal(JSON.parse(json).ok, true);
  });

  it("says which runtimes are too old", () => {
    assert.equal(runtime({ node: "20.18.3" }).state, "wrong");
    assert.equal(runtime({ node: "20.19.0" }).state, "ok");
    assert.equal(runtime({ node: "24.0.0-rc.1" }).state, "ok");
    assert.equal(runtime({ node: "24.0.0", deno: "2.8.9" }).state, "wrong");
    assert.equal(runtime({ node: "24.0.0", deno: "2.10.0" }).state, "ok");
  });
});

describe("the history of consoles", () => {
  it("is kept across runs for its owner alone, and costs nothing where it cannot be", async () => {
    await using dir = await tempDir();
    const env = { XDG_STATE_HOME: dir.path };
    const first = new History(env);
    for (const line of ["list my", "list my", "  ", "get a.txt"]) first.add(line);
    assert.deepEqual(new History(env).lines, ["list my", "get a.txt"]);
    assert.equal(statSync(join(dir.path, "troupe", "history")).mode & 0o777, 0o600);
    const nowhere = new History({ XDG_STATE_HOME: "/dev/null" });
    nowhere.add("status");
    assert.deepEqual(nowhere.lines, ["status"]);
  });
});
