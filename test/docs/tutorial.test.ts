import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { tempDir } from "../support/temp_dir.ts";
import { ROOT, troupe } from "./troupe.ts";
import { missingFrom, tasksOf } from "./tutorial.ts";

const PAGE = new URL("docs/lab.md", ROOT);

describe("the tutorial", () => {
  it("says what its commands do, one after the other", async (t) => {
    await using dir = await tempDir();
    const tasks = tasksOf(await readFile(PAGE, "utf8"));
    assert.ok(tasks.length >= 12, `${tasks.length} tasks`);
    for (const task of tasks) {
      if ("file" in task) {
        await writeFile(join(dir.path, task.file), task.text);
        continue;
      }
      const [program, ...argv] = task.command.split(" ");
      assert.equal(program, "troupe", task.command);
      const { code, output } = await troupe(argv, dir.path);
      t.diagnostic(`$ ${task.command}: ${code}`);
      assert.equal(code, task.exit, `$ ${task.command}\n${output}`);
      const missing = missingFrom(output, task.prints);
      assert.equal(missing, undefined, `$ ${task.command}\n${output}`);
    }
  });

  it("is not content with less than it shows", () => {
    assert.equal(missingFrom("a 1 run\nok  7 of 9\n", ["a 2 run", "ok 3 of 4"]), undefined);
    assert.equal(missingFrom("ok 7 of 9\na 1 run\n", ["a 2 run", "ok 3 of 4"]), "ok 3 of 4");
    assert.equal(missingFrom("ok 7 of 9\n", ["FAIL 3 of 4"]), "FAIL 3 of 4");
  });
});
