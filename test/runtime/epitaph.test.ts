import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { epitaph } from "../../src/actor/epitaph.ts";
import type { ExitReason, NodeId } from "../../src/actor/mod.ts";
import { describeReason, NoProcError } from "../../src/actor/mod.ts";
import { Obituaries } from "../../src/actor/obituaries.ts";

const node = "t1" as NodeId;

/** An error with all that can hang on one. */
function heavy(): Error {
  const error = new NoProcError("x", "m", { kind: "killed" }, "no");
  return Object.assign(error, { cause: new Error("why"), bytes: new Uint8Array(1_000) });
}

describe("a death that is remembered", () => {
  const reasons: readonly ExitReason[] = [
    { kind: "normal" },
    { kind: "killed" },
    { kind: "noproc" },
    { kind: "shutdown" },
    { kind: "shutdown", detail: "enough" },
    { kind: "error", error: new RangeError("as planned") },
    { kind: "nodedown", node },
    { kind: "nodedown", node, cause: new TypeError("thread") },
  ];
  for (const reason of reasons) {
    it(`reads as before: ${describeReason(reason)}`, () => {
      const remembered = epitaph(reason);
      assert.equal(remembered.kind, reason.kind);
      assert.equal(describeReason(remembered), describeReason(reason));
    });
  }

  it("keeps an error's class, name, message and code, and nothing else", () => {
    const error = heavy();
    const remembered = epitaph({ kind: "error", error });
    assert.ok(remembered.kind === "error");
    const { error: brief } = remembered;
    assert.ok(brief instanceof NoProcError);
    assert.deepEqual([brief.name, brief.message, brief.code], [
      error.name,
      error.message,
      "noproc",
    ]);
    assert.deepEqual(Object.keys(brief), ["code"]);
    assert.equal(brief.cause, undefined);
    assert.ok(!brief.stack?.includes(" at "), brief.stack);
  });

  it("leaves the error that others hold as it is, and errors made later with their stacks", () => {
    const error = heavy();
    const { stack, cause } = error;
    epitaph({ kind: "error", error });
    assert.deepEqual([error.stack, error.cause], [stack, cause]);
    assert.match(new Error("later").stack ?? "", / at /);
  });

  it("is forgotten when a thousand others have come after it", () => {
    const obituaries = new Obituaries<NodeId>();
    const nth = (n: number): NodeId => `t${n}` as NodeId;
    for (let n = 0; n <= 1_024; n++) obituaries.set(nth(n), { kind: "killed" });
    assert.equal(obituaries.get(nth(0)), undefined);
    assert.deepEqual(obituaries.get(nth(1)), { kind: "killed" });
    assert.ok(obituaries.has(nth(1_024)));
  });
});
