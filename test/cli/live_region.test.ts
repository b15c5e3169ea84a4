import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveRegion } from "../../src/cli/live_region.ts";
import { Progress } from "../../src/cli/progress.ts";
import { capture } from "./fake_io.ts";

const MIB = 1024 * 1024;

function region(live: boolean, columns = 40) {
  const { stream, text } = capture(live, columns);
  return { region: new LiveRegion({ out: stream, live, columns: () => columns }), text };
}

function transfer(done: number, size = 100 * MIB) {
  return { id: "t", name: "film", fileId: "f", size, done, rate: MIB, holders: ["peer-2"] };
}

describe("LiveRegion on a terminal", () => {
  it("writes lines above the bars", () => {
    const { region: live, text } = region(true);
    live.set("a", "bar");
    live.log("line");
    const last = text().slice(text().lastIndexOf("\x1b[?2026h"));
    assert.equal(last, "\x1b[?2026h\r\x1b[1A\x1b[Jline\nbar\n\x1b[?2026l");
    live[Symbol.dispose]();
    assert.ok(text().endsWith("\r\x1b[1A\x1b[J\x1b[?2026l"));
  });

  it("cuts bars to the window", () => {
    const { region: live, text } = region(true, 10);
    live.set("a", "0123456789abc");
    assert.match(text(), /01234567…\n/);
    live[Symbol.dispose]();
  });

  it("draws the prompt below, after going above it", () => {
    const { region: live, text } = region(true);
    live.attach({ rows: () => 2, draw: () => {} });
    live.log("line");
    assert.equal(text(), "\x1b[?2026h\r\x1b[2A\x1b[Jline\n\x1b[?2026l");
  });

  it("does not draw more often than is seen", async () => {
    const { region: live, text } = region(true);
    for (let i = 0; i < 1_000; i++) live.set("a", `bar ${i}`);
    assert.equal(text().split("\x1b[?2026h").length - 1, 1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.match(text(), /bar 999\n/);
    live[Symbol.dispose]();
  });

  it("takes the bars away that would stay above an entered line", () => {
    const { region: live, text } = region(true);
    live.set("a", "bar");
    live.entered("prompt> line");
    assert.ok(text().endsWith("\x1b[?2026h\r\x1b[2A\x1b[Jprompt> line\n\x1b[?2026l"));
    live[Symbol.dispose]();
  });
});

describe("LiveRegion in a pipe", () => {
  it("writes lines, and no codes or bars", () => {
    const { region: piped, text } = region(false);
    piped.set("a", "bar");
    piped.log("line");
    piped.remove("a", "done");
    piped[Symbol.dispose]();
    assert.equal(text(), "line\ndone\n");
  });

  it("shows the progress of a large file in a few lines", () => {
    const { region: piped, text } = region(false);
    const progress = new Progress(piped, "get");
    for (let done = 0; done <= 100; done++) progress.update(transfer(done * MIB));
    progress.end();
    assert.deepEqual(text().match(/\d+%/g), ["25%", "50%", "75%"]);
  });

  it("shows none of a small one", () => {
    const { region: piped, text } = region(false);
    const progress = new Progress(piped, "get");
    for (let done = 0; done <= 100; done++) progress.update(transfer(done, 100));
    assert.equal(text(), "");
  });
});
