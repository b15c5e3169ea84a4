import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { columnsOf, isLive, isTerminal } from "../../src/cli/io.ts";
import type { ColorSource } from "../../src/cli/style.ts";
import { makeStyle, wantsColor } from "../../src/cli/style.ts";
import { capture } from "./fake_io.ts";

describe("wantsColor()", () => {
  const cases: [string, Partial<ColorSource>, boolean][] = [
    ["a terminal", { isTTY: true }, true],
    ["a pipe", {}, false],
    ["a dumb terminal", { isTTY: true, env: { TERM: "dumb" } }, false],
    ["NO_COLOR=1 on a terminal", { isTTY: true, env: { NO_COLOR: "1" } }, false],
    ["an empty NO_COLOR on a terminal", { isTTY: true, env: { NO_COLOR: "" } }, true],
    ["FORCE_COLOR=1 in a pipe", { env: { FORCE_COLOR: "1" } }, true],
    ["FORCE_COLOR=0 on a terminal", { isTTY: true, env: { FORCE_COLOR: "0" } }, false],
    ["FORCE_COLOR=false on a terminal", { isTTY: true, env: { FORCE_COLOR: "false" } }, false],
    ["NO_COLOR and FORCE_COLOR in a pipe", { env: { NO_COLOR: "1", FORCE_COLOR: "1" } }, false],
    ["CI=1 in a pipe", { env: { CI: "1" } }, false],
    ["--color=always in a pipe", { option: "always" }, true],
    ["--color=always with NO_COLOR", { option: "always", env: { NO_COLOR: "1" } }, true],
    ["--color=never on a terminal", { option: "never", isTTY: true }, false],
    [
      "--color=never with FORCE_COLOR",
      { option: "never", isTTY: true, env: { FORCE_COLOR: "1" } },
      false,
    ],
  ];
  for (const [what, source, wanted] of cases) {
    it(`says ${wanted ? "yes" : "no"} to ${what}`, () => {
      assert.equal(wantsColor({ option: "auto", env: {}, isTTY: false, ...source }), wanted);
    });
  }
});

describe("makeStyle()", () => {
  it("paints, or changes nothing", () => {
    assert.equal(makeStyle(true).red("x"), "\x1b[31mx\x1b[39m");
    assert.equal(makeStyle(true).red(""), "");
    assert.equal(makeStyle(false).red("x"), "x");
  });
});

describe("a stream", () => {
  it("is a terminal unless it is dumb, and live unless a build service keeps it", () => {
    assert.equal(isTerminal({ isTTY: true }, {}), true);
    assert.equal(isTerminal({ isTTY: true }, { TERM: "dumb" }), false);
    assert.equal(isTerminal({}, {}), false);
    assert.equal(isLive({ isTTY: true }, { CI: "true" }), false);
  });

  it("is as wide as COLUMNS and the terminal allow, or 80", () => {
    assert.equal(columnsOf(capture(true, 120).stream, {}), 120);
    assert.equal(columnsOf(capture(true, 120).stream, { COLUMNS: "60" }), 60);
    assert.equal(columnsOf(capture(true, 40).stream, { COLUMNS: "60" }), 40);
    assert.equal(columnsOf(capture(false, 0).stream, { COLUMNS: "x" }), 80);
  });
});
