import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { createSystem, fromModule, moduleUrl, RUNTIME } from "../../src/actor.ts";
import { createCluster } from "../../src/cluster/mod.ts";
import type { peer } from "../../src/peer/mod.ts";
import { peerName, provision } from "../../src/peer/mod.ts";
import { threadDisk } from "../../src/runtime/threads/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import { testCluster } from "./support.ts";

test("25: of two threads with one peer id the second is refused", async () => {
  await using dir = await tempDir();
  await using system = await createSystem();
  const args = {
    id: "peer-1",
    electorate: ["peer-1"],
    shared: dir.path,
    downloads: dir.path,
    state: dir.path,
    election: { profile: "default" },
  } as const;
  await provision(threadDisk(), args);
  const module = fromModule<typeof peer>(moduleUrl("../../workers/peer.ts", import.meta.url));
  const spawnIt = () =>
    system.spawn(module, args, { placement: "thread", name: peerName(args.id) });
  const first = await spawnIt();
  await assert.rejects(spawnIt(), /p2p\.peer\.peer-1/);
  assert.equal((await first.ask.status()).incarnation, 1);
});

test("25: of two clusters over one folder the second is refused, until the first has closed", async () => {
  await using dir = await tempDir();
  const options = { peers: 1, folder: join(dir.path, "run") };
  const first = await createCluster(options);
  await assert.rejects(createCluster(options), /folder is .* no other cluster uses/);
  await first.tracker();
  await first.close();
  assert.equal(existsSync(join(options.folder, "lock")), false);
  await using second = await createCluster(options);
  const { epoch } = await second.tracker();
  assert.ok(epoch > 1, "it goes on where the first one was");
});

test("25: the lock of a process that lives keeps others out; that of a dead one does not", async () => {
  await using dir = await tempDir();
  const folder = join(dir.path, "run");
  {
    await using _first = await createCluster({ peers: 1, folder });
  }
  const evaluate = RUNTIME === "deno" ? "eval" : "--eval";
  const other = spawn(process.execPath, [evaluate, "setInterval(() => {}, 1000)"]);
  await once(other, "spawn");
  writeFileSync(join(folder, "lock"), `${other.pid}\n`);
  await assert.rejects(createCluster({ peers: 1, folder }), new RegExp(`process ${other.pid}`));
  other.kill("SIGKILL");
  await once(other, "exit");
  await using cluster = await createCluster({ peers: 1, folder });
  assert.equal(readFileSync(join(folder, "lock"), "utf8"), `${process.pid}\n`);
  await cluster.tracker();
});

test("24: a majority that lost its disks elects nobody rather than guess", async () => {
  await using test = await testCluster({}, { peers: 3 });
  const { cluster } = test;
  await cluster.tracker();
  for (const peer of [1, 2, 3]) await cluster.stop(peer);
  for (const peer of [1, 2]) {
    writeFileSync(join(cluster.folder, "state", `peer-${peer}`, "election"), "not a record");
  }
  for (const peer of [1, 2, 3]) await cluster.restart(peer);
  await assert.rejects(cluster.tracker({ timeout: 1_500 }), /No tracker/);
  for (const peer of [1, 2]) {
    const { role, lost } = await cluster.peer(peer).status();
    assert.deepEqual([role, lost], ["learner", true]);
  }
});
