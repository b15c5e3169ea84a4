import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { describe, it } from "node:test";
import { tempDir } from "./temp_dir.ts";

describe("tempDir()", () => {
  it("is empty, absolute and gone after its scope", async () => {
    let path: string;
    {
      await using dir = await tempDir();
      path = dir.path;
      assert.ok(isAbsolute(path));
      assert.ok(existsSync(path));
      await dir.write("some/folder/a.txt", "a");
    }
    assert.ok(!existsSync(path));
  });

  it("is gone when its scope throws, and the error stays", async () => {
    let path = "";
    await assert.rejects(async () => {
      await using dir = await tempDir();
      path = dir.path;
      throw new Error("boom");
    }, /^Error: boom$/);
    assert.ok(!existsSync(path));
  });

  it("writes files with the folders above them", async () => {
    await using dir = await tempDir();
    const file = await dir.write("music/2026/a.bin", new Uint8Array([1, 2, 3]));
    assert.equal(file, join(dir.path, "music", "2026", "a.bin"));
    assert.deepEqual([...readFileSync(file)], [1, 2, 3]);
  });

  it("gives each caller a folder of its own", async () => {
    await using one = await tempDir();
    await using other = await tempDir();
    assert.notEqual(one.path, other.path);
  });
});
