import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Known } from "../../src/sharing/mod.ts";
import { ManifestStore } from "../../src/sharing/mod.ts";
import { hashing, manifestOf } from "./download_world.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { virtualClock } from "./virtual_clock.ts";

const PATH = "/state/manifests";

function known(name: string, mtime = 1): Known {
  const manifest = { ...manifestOf(new TextEncoder().encode(name), 16), name };
  const file = { name, path: `/shared/${name}`, size: name.length, mtime, inode: "7" };
  return { file, manifest };
}

async function disk(): Promise<MemoryDisk> {
  const disk = new MemoryDisk(virtualClock());
  await disk.makeDirectory("/state");
  return disk;
}

function store(on: MemoryDisk, owner = "peer-1"): ManifestStore {
  return new ManifestStore(on, hashing, PATH, owner);
}

describe("a store of manifests", () => {
  it("knows after a restart what was saved, and appends what is new", async () => {
    const on = await disk();
    const first = store(on);
    assert.deepEqual(await first.load(), []);
    await first.save([known("a"), known("some/longer name.txt")]);
    const size = on.bytesOf(PATH)!.length;
    await first.save([known("a"), known("some/longer name.txt"), known("c")]);
    await first.add(known("d"));
    assert.ok(on.bytesOf(PATH)!.length > size);
    const second = store(on);
    const names = ["a", "some/longer name.txt", "c", "d"];
    assert.deepEqual(await second.load(), names.map((name) => known(name)));
    const before = on.bytesOf(PATH);
    await second.save(names.map((name) => known(name)));
    assert.deepEqual(on.bytesOf(PATH), before);
    assert.equal(on.openFiles, 0);
  });

  it("loses a damaged line and a torn end, and nothing else", async () => {
    const on = await disk();
    await store(on).save([known("a"), known("b"), known("c")]);
    const bytes = on.bytesOf(PATH)!.slice();
    const text = new TextDecoder().decode(bytes);
    bytes[text.indexOf('"b"') + 1] = "x".charCodeAt(0);
    on.put(PATH, new Uint8Array([...bytes, ...new TextEncoder().encode("12345678 {torn")]));
    const again = store(on);
    assert.deepEqual(await again.load(), [known("a"), known("c")]);
    await again.add(known("e"));
    assert.deepEqual(await store(on).load(), [known("a"), known("c"), known("e")]);
  });

  it("of somebody else, or of nothing that is known, is set aside", async () => {
    for (const foreign of ["nonsense\n", ""]) {
      const on = await disk();
      if (foreign === "") await store(on, "peer-2").save([known("a")]);
      else on.put(PATH, new TextEncoder().encode(foreign));
      const mine = store(on);
      assert.deepEqual(await mine.load(), []);
      await mine.save([known("b")]);
      assert.deepEqual(on.files(), [PATH, `${PATH}.foreign`]);
      assert.deepEqual(await store(on).load(), [known("b")]);
    }
  });

  it("is written anew when most of it is out of date", async () => {
    const on = await disk();
    const it = store(on);
    for (let time = 0; time < 300; time++) await it.save([known("a", time)]);
    const lines = new TextDecoder().decode(on.bytesOf(PATH)).split("\n").length;
    assert.ok(lines < 110, `${lines}`);
    assert.deepEqual((await store(on).load()).at(-1), known("a", 299));
  });

  it("is whole after a crash at any moment", async () => {
    for (let at = 1; at < 12; at++) {
      const on = await disk();
      await store(on).save([known("a"), known("b")]);
      let operations = 0;
      on.fault = () => ++operations > at ? "EIO" : undefined;
      const dying = store(on);
      await dying.load().then(() => dying.save([known("a"), known("b"), known("c")])).catch(
        () => {},
      );
      on.fault = () => undefined;
      const found = await store(on).load();
      assert.deepEqual(found.slice(0, 2), [known("a"), known("b")], `after ${at} operations`);
    }
  });
});
