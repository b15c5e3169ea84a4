import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Disk } from "../../src/actor.ts";
import { type DurableRecord, encodeRecord, firstRecord } from "../../src/election/mod.ts";
import { provision } from "../../src/peer/mod.ts";
import { StateFile } from "../../src/peer/state_file.ts";
import { threadDisk } from "../../src/runtime/threads/mod.ts";
import { tempDir } from "../support/temp_dir.ts";

const ABC = ["a", "b", "c"];

/** A record of `epoch`. */
function recordOf(epoch: number): DurableRecord {
  return { ...firstRecord(ABC), epoch, votedFor: "b" };
}

test("the record of the last write comes back after any number of writes and openings", async () => {
  await using dir = await tempDir();
  for (let epoch = 1; epoch <= 7; epoch++) {
    await using file = new StateFile(threadDisk(), dir.path);
    const before = await file.read("a");
    assert.deepEqual(
      before.disk,
      epoch === 1 ? { kind: "missing" } : { kind: "ok", record: recordOf(epoch - 1) },
    );
    if (epoch % 3 === 0) await file.write(recordOf(epoch - 1), "a");
    await file.write(recordOf(epoch), "a");
  }
});

test("24: a torn, a foreign and a missing record are told apart, and never believed", async () => {
  await using dir = await tempDir();
  const path = join(dir.path, "election");
  const read = async (peer: string): Promise<string> => {
    await using file = new StateFile(threadDisk(), dir.path);
    return (await file.read(peer)).disk.kind;
  };
  assert.equal(await read("a"), "missing");
  await provision(threadDisk(), { id: "a", electorate: ABC, state: dir.path });
  assert.deepEqual([await read("a"), await read("b")], ["ok", "foreign"]);
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, 1_000));
  assert.equal(await read("a"), "torn");
  writeFileSync(path, encodeRecord(recordOf(3), "a"));
  assert.equal(await read("a"), "torn");
  await provision(threadDisk(), { id: "a", electorate: ABC, state: dir.path });
  assert.equal(await read("a"), "torn", "a record is made once, not mended");
  rmSync(path);
  assert.equal(await read("a"), "missing");
});

test("a peer that votes under a new id finds its record under it", async () => {
  await using dir = await tempDir();
  await using file = new StateFile(threadDisk(), dir.path);
  await file.create(recordOf(2), "a#x1");
  await using again = new StateFile(threadDisk(), dir.path);
  assert.deepEqual(await again.read("a"), {
    voter: "a#x1",
    disk: { kind: "ok", record: recordOf(2) },
  });
});

test("a write is one write to a file that is synced with every write", async () => {
  await using dir = await tempDir();
  const calls: string[] = [];
  const disk: Disk = {
    ...threadDisk(),
    async open(path, mode) {
      calls.push(`open ${mode}`);
      const file = await threadDisk().open(path, mode);
      return new Proxy(file, {
        get(target, key) {
          const value = Reflect.get(target, key) as unknown;
          if (typeof value !== "function") return value;
          return (...args: unknown[]) => {
            calls.push(String(key));
            return Reflect.apply(value, target, args) as unknown;
          };
        },
      });
    },
  };
  await using file = new StateFile(disk, dir.path);
  await file.create(recordOf(1), "a");
  calls.length = 0;
  for (const epoch of [2, 3]) await file.write(recordOf(epoch), "a");
  assert.deepEqual(calls, ["open durable", "write", "write"]);
});

test("a write that fails leaves the record before it, and the next one works", async () => {
  await using dir = await tempDir();
  let full = false;
  const disk: Disk = {
    ...threadDisk(),
    async open(path, mode) {
      const file = await threadDisk().open(path, mode);
      return {
        read: (into, position) => file.read(into, position),
        // Part of it reaches the disk.
        write: (bytes, position) =>
          full
            ? file.write(bytes.subarray(0, 512), position).then(() => {
              throw new Error("full");
            })
            : file.write(bytes, position),
        truncate: (size) => file.truncate(size),
        stat: () => file.stat(),
        sync: () => file.sync(),
        close: () => file.close(),
        [Symbol.asyncDispose]: () => file.close(),
      };
    },
  };
  const voters = Array.from({ length: 200 }, (_, i) => `peer-${i}`);
  const many = (epoch: number): DurableRecord => ({ ...firstRecord(voters), epoch });
  await using file = new StateFile(disk, dir.path);
  await file.create(many(1), "a");
  await file.write(many(2), "a");
  full = true;
  for (const epoch of [3, 4]) await assert.rejects(file.write(many(epoch), "a"), /full/);
  const kept = await new StateFile(threadDisk(), dir.path).read("a");
  assert.deepEqual(kept.disk, { kind: "ok", record: many(2) });
  full = false;
  await file.write(many(5), "a");
  const next = await new StateFile(threadDisk(), dir.path).read("a");
  assert.deepEqual(next.disk, { kind: "ok", record: many(5) });
});

test("whoever makes a peer that has run before keeps none of its files open", async () => {
  await using dir = await tempDir();
  let open = 0;
  const disk: Disk = {
    ...threadDisk(),
    async open(path, mode) {
      const file = await threadDisk().open(path, mode);
      open++;
      const close = async (): Promise<void> => {
        open--;
        await file.close();
      };
      return new Proxy(file, {
        get(target, key) {
          if (key === "close" || key === Symbol.asyncDispose) return close;
          const value = Reflect.get(target, key) as unknown;
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
  // The file system's own reading is not counted: it closes what it opens.
  const args = { id: "a", electorate: ["a"], state: dir.path };
  for (let life = 0; life < 2; life++) await provision(disk, args);
  assert.equal(open, 0);
});
