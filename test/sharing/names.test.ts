import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  BadNameError,
  escapeName,
  foldersOf,
  joinName,
  numberedName,
  safeName,
  validPeerId,
  whyUnsafe,
} from "../../src/sharing/mod.ts";

const REFUSED: readonly (readonly [name: unknown, why: RegExp])[] = [
  ["", /empty/],
  [undefined, /no text/],
  [7, /no text/],
  [["a"], /no text/],
  ["..", /"\.\."/],
  [".", /"\."/],
  ["../a", /"\.\."/],
  ["a/../../b", /"\.\."/],
  ["a/..", /"\.\."/],
  ["a/./b", /"\."/],
  ["/etc/passwd", /absolute/],
  ["//server/share", /absolute/],
  ["a//b", /empty/],
  ["a/", /empty/],
  ["C:a", /drive/],
  ["c:/windows", /drive/],
  ["a/d:b", /drive/],
  ["\\\\server\\share", /backslash/],
  ["a\\..\\b", /backslash/],
  ["a\0b", /NUL/],
  ["a\nb", /control/],
  ["\u001b[31ma", /control/],
  ["a\u007f", /control/],
  ["a\u0085", /control/],
  ["a.", /dot or a space/],
  ["a ", /dot or a space/],
  ["...", /dot or a space/],
  ["a./b", /dot or a space/],
  ["CON", /reserved/],
  ["con", /reserved/],
  ["nul.txt", /reserved/],
  ["NUL .txt", /reserved/],
  ["music/Aux.tar.gz", /reserved/],
  ["COM1", /reserved/],
  ["lpt9.x", /reserved/],
  ["COM\u00b9", /reserved/],
  ["CONIN$", /reserved/],
  ["a".repeat(256), /255/],
  ["é".repeat(128), /255/],
  [`${"a/".repeat(2_048)}b`, /4096/],
  ["a\ud800", /Unicode/],
  [".troupe/x.part", /\.troupe/],
  ["a/.TROUPE", /\.troupe/],
];

const ACCEPTED: readonly string[] = [
  "a",
  "a.txt",
  "a/b/c.txt",
  ".hidden",
  "..a",
  "a..b",
  "...a",
  "con_",
  "console.log",
  "com",
  "com10",
  "null",
  " a",
  "a b",
  "12:30.png",
  "a?*",
  "é",
  "e\u0301",
  "𐀀",
  "日本語/ファイル.txt",
  "__proto__",
  "constructor",
  "a".repeat(255),
  "é".repeat(127),
  ".troupe2",
];

describe("safeName", () => {
  for (const [name, why] of REFUSED) {
    it(`refuses ${escapeName(name)}`, () => {
      assert.match(whyUnsafe(name) ?? "accepted", why);
      assert.throws(() => safeName(name), BadNameError);
    });
  }

  for (const name of ACCEPTED) {
    it(`accepts ${escapeName(name)}`, () => assert.equal(safeName(name), name));
  }

  it("lets nothing through that leaves the folder, whatever it is made of", () => {
    const piece = fc.constantFrom("..", ".", "/", "\\", "a", " ", "C:", "\0", "NUL", "~", "é");
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const name = pieces.join("");
      if (whyUnsafe(name) !== undefined) return;
      const url = new URL(name.split("/").map(encodeURIComponent).join("/"), "file:///root/in/");
      assert.ok(url.href.startsWith("file:///root/in/") && url.href !== "file:///root/in/", name);
    }));
  });
});

describe("joinName", () => {
  it("keeps the separator of the root", () => {
    assert.equal(joinName("/root", "a/b"), "/root/a/b");
    assert.equal(joinName("/", "a"), "/a");
    assert.equal(joinName("C:\\root", "a/b"), "C:\\root\\a\\b");
  });

  it("refuses what is not safe, or not possible there", () => {
    assert.throws(() => joinName("/root", "../a"), BadNameError);
    assert.throws(() => joinName("C:\\root", "a.txt:stream"), BadNameError);
    assert.equal(joinName("/root", "a.txt:stream"), "/root/a.txt:stream");
  });
});

describe("numberedName", () => {
  it("puts the number before the extension", () => {
    assert.equal(numberedName("a/b.txt", 1), "a/b.txt");
    assert.equal(numberedName("a/b.txt", 2), "a/b (2).txt");
    assert.equal(numberedName("a.b/c", 3), "a.b/c (3)");
    assert.equal(numberedName(".hidden", 2), ".hidden (2)");
    assert.equal(numberedName("a.tar.gz", 2), "a.tar (2).gz");
  });

  it("gives safe, different names for every safe name", () => {
    const part = fc.stringMatching(/^[aé.𐀀 ]{1,70}$/u).map((text) => text.repeat(4));
    fc.assert(fc.property(part, fc.integer({ min: 2, max: 1_000 }), (name, n) => {
      fc.pre(whyUnsafe(name) === undefined);
      const numbered = numberedName(name, n);
      assert.equal(whyUnsafe(numbered), undefined, `${name} -> ${numbered}`);
      assert.notEqual(numbered, name);
      assert.notEqual(numbered, numberedName(name, n + 1));
    }));
  });
});

describe("names for people and folders", () => {
  it("escapes what a terminal would obey or hide", () => {
    assert.equal(escapeName('a\u001b[31m"\\'), '"a\\u{1b}[31m\\u{22}\\u{5c}"');
    assert.equal(escapeName("\u202ecod.exe"), '"\\u{202e}cod.exe"');
    assert.equal(escapeName("日本 é"), '"日本 é"');
    assert.equal(escapeName(undefined), "(undefined)");
    assert.ok(escapeName("x".repeat(5_000)).length < 210);
  });

  it("lists the folders above a name", () => {
    assert.deepEqual(foldersOf("a/b/c.txt"), ["a", "a/b"]);
    assert.deepEqual(foldersOf("c.txt"), []);
  });

  it("takes a peer id that is one part of a path", () => {
    assert.equal(validPeerId("peer-1"), "peer-1");
    for (const bad of ["", "a/b", "..", "x".repeat(129), 1]) {
      assert.throws(() => validPeerId(bad), { code: "bad_message" });
    }
  });
});
