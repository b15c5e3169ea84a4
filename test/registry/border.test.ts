import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  checkLimit,
  checkMeta,
  checkName,
  checkQuery,
  checkRank,
} from "../../src/registry/border.ts";

const invalid = (pattern: RegExp) => (error: Error & { code?: string }): boolean => {
  assert.equal(error.code, "invalid_option");
  assert.match(error.message, pattern);
  return true;
};

describe("the border of the registry", () => {
  it("takes names of 1 to 512 characters without control characters", () => {
    for (const good of ["a", "ü/ñ 🎭", "x".repeat(512), " "]) checkName(good);
    for (
      const bad of [
        "",
        "x".repeat(513),
        "a\nb",
        "\u0000",
        "\u007f",
        "a\u0085",
        7,
        null,
        undefined,
        {},
        ["a"],
      ]
    ) {
      assert.throws(
        () => checkName(bad),
        invalid(/^name is .*expected text of 1 to 512/),
        String(bad),
      );
    }
    assert.throws(() => checkName(7, "group"), invalid(/^group is 7,/));
  });

  it("takes plain objects of cloneable values as metadata, and names the field that is none", () => {
    const cyclic: Record<string, unknown> = { when: new Date(0), deep: { list: [1, new Map()] } };
    cyclic["self"] = cyclic;
    for (const good of [{}, Object.create(null), cyclic]) checkMeta(good);
    for (const bad of [null, undefined, 1, "x", [], new Date(), new Map(), new (class Box {})()]) {
      assert.throws(() => checkMeta(bad), invalid(/^meta is .*expected a plain object/));
    }
    assert.throws(() => checkMeta({ deep: { fn: () => 1 } }), {
      code: "not_cloneable",
      message: /meta\.deep\.fn is a function/,
    });
    assert.throws(() => checkMeta({ later: Promise.resolve() }), { code: "not_cloneable" });
  });

  it("takes queries of name, prefix and metadata, and names the field that is wrong", () => {
    for (
      const good of [{}, { prefix: "" }, { name: "a", prefix: undefined }, {
        meta: { a: "x", b: -0, c: false },
      }]
    ) {
      checkQuery(good);
    }
    const bad: [unknown, RegExp][] = [
      [null, /^query is null/],
      [[], /^query is/],
      [{ prefix: 1 }, /^query\.prefix is 1/],
      [{ prefix: "x".repeat(513) }, /^query\.prefix/],
      [{ name: "" }, /^query\.name is ""/],
      [{ prefx: "a" }, /^query\.prefx is "a", expected one of/],
      [{ meta: [] }, /^query\.meta is/],
      [{ meta: { role: {} } }, /^query\.meta\.role is/],
      [{ meta: { role: NaN } }, /^query\.meta\.role is/],
      [{ meta: { role: undefined } }, /^query\.meta\.role is undefined/],
    ];
    for (const [query, message] of bad) assert.throws(() => checkQuery(query), invalid(message));
  });

  it("takes ranks above 0 and limits from 1", () => {
    checkRank(0.5);
    for (const bad of [0, -1, NaN, Infinity, "1"]) {
      assert.throws(() => checkRank(bad), invalid(/^rank is/));
    }
    checkLimit(1);
    checkLimit(Infinity);
    for (const bad of [0, 1.5, NaN, "1"]) {
      assert.throws(() => checkLimit(bad), invalid(/^limit is/));
    }
  });
});
