import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatBytes, parseBytes } from "../../src/cli/text/bytes.ts";
import { formatDuration, parseDuration } from "../../src/cli/text/duration.ts";
import { count, listNetwork } from "../../src/cli/text/listing.ts";
import { printable } from "../../src/cli/text/printable.ts";
import { progressBar, progressLine, speedText } from "../../src/cli/text/progress.ts";
import { editDistance, suggest } from "../../src/cli/text/suggest.ts";
import { formatTable } from "../../src/cli/text/table.ts";
import { fit, padStart, widthOf } from "../../src/cli/text/width.ts";

const MIB = 1024 * 1024;

describe("bytes", () => {
  for (
    const [bytes, text] of [
      [0, "0 B"],
      [1_023, "1023 B"],
      [1_024, "1.0 KiB"],
      [912 * 1_024, "912 KiB"],
      [1.4 * MIB, "1.4 MiB"],
      [1024 * MIB - 1, "1.0 GiB"],
      [-1, "?"],
      [NaN, "?"],
    ] as const
  ) it(`shows ${bytes} as ${text}`, () => assert.equal(formatBytes(bytes), text));

  for (
    const [text, bytes] of [
      ["512", 512],
      ["64KiB", 65_536],
      ["1.5 MiB", 1.5 * MIB],
      ["10MB", 10_000_000],
      ["2k", 2_000],
      ["1 b", 1],
      ["", undefined],
      ["-1", undefined],
      ["1XB", undefined],
      ["9999999PiB", undefined],
    ] as const
  ) it(`reads "${text}" as ${bytes}`, () => assert.equal(parseBytes(text), bytes));
});

describe("durations", () => {
  for (
    const [ms, text] of [
      [0, "0 ms"],
      [490.4, "490 ms"],
      [999.6, "1.00 s"],
      [1_210, "1.21 s"],
      [12_400, "12.4 s"],
      [59_990, "1m00s"],
      [252_000, "4m12s"],
      [7_500_000, "2h05m"],
      [-1, "?"],
    ] as const
  ) it(`shows ${ms} as ${text}`, () => assert.equal(formatDuration(ms), text));

  for (
    const [text, ms] of [
      ["500ms", 500],
      ["2s", 2_000],
      ["1m30s", 90_000],
      ["1.5h", 5_400_000],
      [" 10 S ", 10_000],
      ["10", undefined],
      ["1m x", undefined],
      ["", undefined],
      ["-5s", undefined],
    ] as const
  ) it(`reads "${text}" as ${ms}`, () => assert.equal(parseDuration(text), ms));
});

describe("printable()", () => {
  it("leaves names of any script alone", () => {
    assert.equal(printable("relatório 報告 😀.txt"), "relatório 報告 😀.txt");
  });

  it("escapes what would drive the terminal or reverse the line", () => {
    assert.equal(printable("a\x1b[2Jb\r\n\x9b"), "a\\x1b[2Jb\\x0d\\x0a\\x9b");
    assert.equal(printable("a\u202etxt.exe\u2066"), "a\\u{202e}txt.exe\\u{2066}");
    assert.equal(printable("\ud800"), "\\u{d800}");
  });
});

describe("width", () => {
  it("counts columns, not characters", () => {
    assert.equal(widthOf("abc"), 3);
    assert.equal(widthOf("報告"), 4);
    assert.equal(widthOf("e\u0301"), 1);
    assert.equal(widthOf("👩‍👩‍👧"), 2);
    assert.equal(widthOf("\x1b[31mred\x1b[39m"), 3);
  });

  it("cuts between characters", () => {
    assert.equal(fit("report.pdf", 10), "report.pdf");
    assert.equal(fit("report.pdf", 5), "repo…");
    assert.equal(fit("報告書", 4), "報…");
    assert.equal(fit("abc", 0), "");
  });

  it("pads by columns", () => assert.equal(padStart("報", 4), "  報"));
});

describe("formatTable()", () => {
  it("aligns columns that hold wide characters and colours, without trailing spaces", () => {
    const table = formatTable(["name", { title: "size", align: "right" }, "at"], [
      ["報告.txt", "5 B", "peer-1"],
      ["\x1b[1ma\x1b[22m", "10 KiB", ""],
    ]);
    assert.equal(
      table,
      "NAME        SIZE  AT\n報告.txt     5 B  peer-1\n\x1b[1ma\x1b[22m         10 KiB",
    );
  });
});

describe("listNetwork()", () => {
  it("lists by name, one line for each content", () => {
    const file = (name: string, fileId: string) => ({ name, fileId, size: 1, holders: ["peer-1"] });
    const lines = listNetwork([file("b", "22222222ff"), file("b", "11111111ff"), file("a", "3")])
      .split("\n").map((line) => line.split(/\s{2,}/).slice(0, 3).join(" "));
    assert.deepEqual(lines, ["NAME SIZE FILE ID", "a 1 B 3", "b 1 B 11111111", "b 1 B 22222222"]);
  });

  it("counts in words", () => {
    assert.deepEqual([0, 1, 2].map((n) => count(n, "file")), ["0 files", "1 file", "2 files"]);
  });
});

describe("progress", () => {
  const transfer = {
    id: "t1",
    name: "report.pdf",
    fileId: "3f",
    size: 2 * MIB,
    done: 1.28 * MIB,
    rate: 4 * MIB,
    holders: ["peer-2", "peer-5"],
  };

  it("is a bar with amount, rate, time left and sources", () => {
    assert.equal(
      progressBar(transfer, 10),
      "report.pdf  ############........   64%   1.3 MiB  4.0 MiB/s  eta 1s  from peer-2, peer-5",
    );
  });

  it("is a line in a pipe", () => {
    assert.equal(
      progressLine(transfer),
      "report.pdf  64%  1.3 MiB of 2.0 MiB  4.0 MiB/s  from peer-2, peer-5",
    );
  });

  it("of an empty file is complete, and never complete before the last byte", () => {
    assert.match(progressBar({ ...transfer, size: 0, done: 0 }), /#{20} {2}100%/);
    assert.match(progressLine({ ...transfer, done: 2 * MIB - 1 }), / 99% /);
  });

  it("gives no rate for what is too small to have one", () => {
    assert.equal(speedText({ size: 10, ms: 3 }), "10 B in 3 ms");
    assert.equal(speedText({ size: 10 * MIB, ms: 100 }), "10.0 MiB in 100 ms (100 MiB/s)");
  });
});

describe("suggest()", () => {
  it("finds the word that was probably meant", () => {
    const known = ["search", "list my", "list net", "refresh", "status", "up", "demo"];
    assert.equal(suggest("serch", known), "search");
    assert.equal(suggest("lsit net", known), "list net");
    assert.equal(suggest("DEMO1", known), "demo");
    assert.equal(suggest("upp", known), "up");
    assert.equal(suggest("xyzzy", known), undefined);
  });

  it("counts a swap as one change", () => assert.equal(editDistance("serach", "search"), 1));
});
