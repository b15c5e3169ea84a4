import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { NO_TERMINAL, Terminal, TROUPE } from "./terminal.ts";

const PROMPT = /peer-1 e\d+ (follower|TRACKER\*)>$/;

test("the prompt tells peer, epoch and role, Tab completes, history is kept for its owner alone", {
  skip: NO_TERMINAL,
}, async () => {
  await using terminal = await Terminal.open();
  await terminal.type(`${TROUPE} up -n 3 -q --seed 11`);
  await terminal.see(PROMPT);

  // Commands, files and peers complete.
  await terminal.write("sea");
  await terminal.press("Tab");
  await terminal.write("unique_to_peer2");
  await terminal.press("Enter");
  await terminal.see(/unique_to_peer2: 1 file, 1 holder\n#.*\n1 +unique_to_peer2.txt/);
  await terminal.write("get uniq");
  await terminal.press("Tab");
  await terminal.see(/> get unique_to_peer2.txt$/);
  await terminal.press("Enter");
  await terminal.see(/downloaded unique_to_peer2.txt: 27 B/);
  await terminal.write("use pe");
  await terminal.press("Tab");
  await terminal.press("Tab");
  await terminal.see(/peer-1 +peer-2 +peer-3/);
  await terminal.write("3");
  await terminal.press("Enter");
  await terminal.see(/peer-3 e\d+ \S+>$/);

  await terminal.type("partition 1 / 2,3");
  await terminal.see(/partitioned peer-1 \/ peer-2 peer-3/);
  await terminal.type("heal");
  await terminal.see(/healed: partition/);

  // Ctrl-C clears the line first, then warns; Ctrl-D asks before it stops what others use.
  await terminal.write("nonsense");
  await terminal.press("C-c");
  await terminal.see(/peer-3 e\d+ \S+>$/);
  await terminal.press("C-c");
  await terminal.see(/This would stop 3 peers; Ctrl-C again to stop/);
  await terminal.press("C-d");
  await terminal.see(/This would stop 3 peers. Stop\? \[y\/N\]$/);
  await terminal.press("Escape");
  await terminal.see(/peer-3 e\d+ \S+>$/);
  await terminal.press("C-d");
  await terminal.see(/Stop\? \[y\/N\]$/);
  await terminal.type("y");
  await terminal.see(/\$$/);

  const history = join(terminal.env["XDG_STATE_HOME"] ?? "", "troupe", "history");
  assert.equal(statSync(history).mode & 0o777, 0o600);
  assert.match(await readFile(history, "utf8"), /^search unique_to_peer2\n/);
  await terminal.type(`clear; ${TROUPE} up -n 3 -q --seed 11`);
  await terminal.see(PROMPT);
  await terminal.press("Up");
  await terminal.see(/> heal$/);
});

test("what happens is told above what is being typed, and the typed text stays", {
  skip: NO_TERMINAL,
}, async () => {
  await using terminal = await Terminal.open();
  await terminal.type(`${TROUPE} up -n 3 --seed 12`);
  await terminal.see(PROMPT);
  await terminal.write("get somefile");
  await terminal.see(/> get somefile$/);
  const other = await terminal.split();
  await terminal.type(`${TROUPE} crash tracker`, other);
  await terminal.see(/crashed peer-\d \(terminate\), it was tracker/, other);
  await terminal.see(/is TRACKER of epoch \d+[^]*> get somefile$/);
  await terminal.press("C-u");
  await terminal.type("quit");
  await terminal.see(/stopping the cluster, 3 peers[^]*\$$/);
});

test(
  "a download shows a bar with rate and source below what scrolls",
  { skip: NO_TERMINAL },
  async () => {
    await using terminal = await Terminal.open();
    const big = new Uint8Array(256 * 1024 * 1024).fill(7);
    await terminal.dir.write("files/peer-2/film.bin", big);
    for (const peer of ["peer-1", "peer-3"]) await terminal.dir.write(`files/${peer}/a.txt`, peer);
    await terminal.type(`${TROUPE} up -n 3 -q --share files`);
    await terminal.see(PROMPT);
    await terminal.type("get film.bin");
    await terminal.see(/film.bin +#*\.+ +\d+%.*from peer-2/);
    await terminal.see(/downloaded film.bin: 256 MiB/);
    await terminal.type("quit");
    await terminal.see(/\$$/);
  },
);
