import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_TERMINAL, Terminal, TROUPE } from "./terminal.ts";

test("a cluster in the background is attached to, left, and stopped from any terminal", {
  skip: NO_TERMINAL,
}, async () => {
  await using terminal = await Terminal.open();
  await terminal.type(`${TROUPE} up --detach -n 3 --seed 21 --name brisk-otter`);
  await terminal.see(/brisk-otter runs in the background, process \d+, seed 21/);
  await terminal.type(`clear; ${TROUPE} ps`);
  await terminal.see(/CLUSTER +PEERS +TRACKER[^]*brisk-otter +3\/3 +peer-\d/);

  await terminal.type(`clear; ${TROUPE} attach brisk-otter/2`);
  await terminal.see(/peer-2 e\d+ \S+>$/);
  await terminal.type("list my");
  await terminal.see(/unique_to_peer2.txt/);

  // Two terminals at once: what one does, the other is told.
  const other = await terminal.split();
  await terminal.type(`${TROUPE} attach 3`, other);
  await terminal.see(/peer-3 e\d+ \S+>$/, other);
  await terminal.write("half a line");
  await terminal.type("crash 1", other);
  await terminal.see(/crash peer-1 \(terminate\)[^]*> half a line$/);
  await terminal.press("C-d", other);
  await terminal.press("C-u", other);
  await terminal.see(/detached; brisk-otter runs on[^]*\$$/, other);

  // quit asks once, and stops that peer alone.
  await terminal.press("C-u");
  await terminal.type("quit");
  await terminal.see(/stop peer-2, for everybody\? \[y\/N\]$/);
  await terminal.type("n");
  await terminal.see(/peer-2 runs on; Ctrl-D detaches/);
  await terminal.type("quit");
  await terminal.type("y");
  await terminal.see(/stopped peer-2[^]*\$$/);
  await terminal.type(`clear; ${TROUPE} status`);
  await terminal.see(/peer-2 +DOWN/);

  await terminal.type(`clear; ${TROUPE} down; ${TROUPE} ps`);
  const screen = await terminal.see(/stopped brisk-otter[^]*No cluster runs/);
  assert.doesNotMatch(screen, /error/);
});

test(
  "a console says so when its cluster is stopped from elsewhere",
  { skip: NO_TERMINAL },
  async () => {
    await using terminal = await Terminal.open();
    await terminal.type(`${TROUPE} up --detach -n 3 --name dry-heron -q`);
    await terminal.see(/dry-heron runs/);
    await terminal.type(`clear; ${TROUPE} attach`);
    await terminal.see(/peer-1 e\d+ \S+>$/);
    const other = await terminal.split();
    await terminal.type(`${TROUPE} down dry-heron`, other);
    await terminal.see(/stopped dry-heron/, other);
    await terminal.see(/dry-heron is gone[^]*\$$/);
  },
);

test("up --tmux opens a window per peer, its console above and its log below", {
  skip: NO_TERMINAL,
}, async () => {
  await using terminal = await Terminal.open();
  await terminal.type(`${TROUPE} up --tmux -n 3 --name wise-owl`);
  // The client goes over to the new session's first window.
  await terminal.see(/peer-1 e\d+ \S+>$/, "wise-owl:peer-1.0");
  await terminal.see(/peer-2 e\d+ \S+>$/, "wise-owl:peer-2.0");
  assert.deepEqual((await terminal.windows()).filter((line) => line.startsWith("peer-")), [
    "peer-1 2",
    "peer-2 2",
    "peer-3 2",
  ]);
  await terminal.see(/peer-3 +\| .* peer-3 is up/, "wise-owl:peer-3.1");
  await terminal.type("crash 3", "wise-owl:peer-1.0");
  await terminal.see(/crash peer-3 \(terminate\)/, "wise-owl:peer-3.1");
  await terminal.see(/crash peer-3 \(terminate\)/, "wise-owl:peer-2.0");
});
