import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run } from "./fake_io.ts";

describe("troupe verify", () => {
  it("says that the election holds, how much was looked at, and what happens in it", async () => {
    const { code, stdout, stderr } = await run(["verify", "--peers", "2", "--restarts", "1"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^troupe: 2 peers, epochs up to 2, 1 restarts/);
    assert.match(stdout, /\d+ states, .* steps, depth \d+/);
    assert.match(stdout, /^holds in every run: I1, .*L4$/m);
    assert.match(stdout, /^happens in some run: .*cede.*win$/m);
  });

  it("tells the shortest way to two trackers, with exit code 1", async () => {
    const { code, stdout } = await run(["verify", "--protocol", "seed-literal"]);
    assert.equal(code, 1);
    assert.match(stdout, /^VIOLATED I1: A and B are both tracker of epoch 1$/m);
    assert.match(stdout, /^6 {2}A {2}hears a grant of epoch 1 of B: .* is TRACKER of epoch 1/m);
    assert.doesNotMatch(stdout, /^7 /m);
  });

  it("ends with exit code 3 where it may not look at everything", async () => {
    const { code, stdout } = await run(["verify", "--max-states", "50"]);
    assert.equal(code, 3);
    assert.match(stdout, /^UNFINISHED: \d+ states were not looked at/m);
  });

  it("prints one line of JSON with --json", async () => {
    const { code, stdout } = await run(["verify", "--peers", "2", "--epochs", "1", "--json"]);
    assert.equal(code, 0);
    const { verdict, states, seconds } = JSON.parse(stdout);
    assert.equal(verdict, "holds");
    assert.ok(states > 0 && seconds >= 0);
  });

  it("shows what it has found so far when it is interrupted", async () => {
    const { code, stdout } = await run(["verify", "--epochs", "9"], {
      stopper: (stop) => setTimeout(() => stop("SIGINT"), 50),
    });
    assert.equal(code, 130);
    assert.match(stdout, /^UNFINISHED/m);
  });

  for (
    const [argv, says] of [
      [["--peers", "8"], /'8' is invalid.*from 1 to 7/],
      [["--invariants", "I1,I77"], /'I1,I77' is invalid.*Expected some of I1,/],
      [["--protocol", "raft"], /'raft' is invalid.*troupe, seed-literal/],
    ] as const
  ) {
    it(`refuses ${argv.join(" ")} with exit code 2`, async () => {
      const { code, stderr } = await run(["verify", ...argv]);
      assert.equal(code, 2);
      assert.match(stderr, says);
    });
  }
});
