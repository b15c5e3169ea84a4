import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { tempDir } from "./temp_dir.ts";

const versions: Tree = {
  "package.json": ['{ "version": "0.1.0" }'],
  "deno.json": ['{ "version": "0.1.0" }'],
};
const refused: Record<string, readonly string[]> = {};
let refusal: ReturnType<typeof purity> | undefined;

describe("scripts/purity.mjs refuses", () => {
  refuses("time, randomness and timers below the context", {
    "src/peer/a.ts": [
      "export const a = [Date.now(), new Date(), performance.now(), Math.random()];",
      "setTimeout(() => {}, 1);",
      "queueMicrotask(() => {});",
      "export const b = globalThis['setInterval'];",
      "export const c = crypto.randomUUID();",
      "const { random } = Math;",
      "AbortSignal.timeout(1);",
    ],
  }, [
    /^src\/peer\/a.ts:1: uses Date/m,
    /^src\/peer\/a.ts:1: uses performance/m,
    /^src\/peer\/a.ts:1: uses Math.random/m,
    /^src\/peer\/a.ts:2: uses setTimeout/m,
    /^src\/peer\/a.ts:3: uses queueMicrotask/m,
    /^src\/peer\/a.ts:4: uses globalThis.setInterval/m,
    /^src\/peer\/a.ts:5: uses crypto.randomUUID/m,
    /^src\/peer\/a.ts:6: hands Math on/m,
    /^src\/peer\/a.ts:7: uses AbortSignal.timeout/m,
  ]);

  refuses("modules of the platform, and comlink's code", {
    "src/sharing/a.ts": ['import "node:fs";', 'export type T = import("node:os").CpuInfo;'],
    "src/sharing/b.ts": ['import { wrap } from "comlink";', "wrap;"],
  }, [
    /^src\/sharing\/a.ts:1: imports node:fs/m,
    /^src\/sharing\/a.ts:2: imports node:os/m,
    /^src\/sharing\/b.ts:1: imports comlink/m,
  ]);

  refuses("imports against the one direction, of types too", {
    "src/actor/a.ts": ['import type { B } from "../registry/mod.ts";', "export type A = B;"],
    "src/election/a.ts": ['export { b } from "../actor/b.ts";'],
    "src/runtime/threads/a.ts": ['await import("../simulation/b.ts");'],
    "src/peer/b.ts": ['import "../../workers/peer.ts";', 'import "../mod.ts";'],
    "src/attic/a.ts": ["export {};"],
  }, [
    /^src\/actor\/a.ts:1: imports src\/registry\/mod.ts: src\/registry is not above/m,
    /^src\/election\/a.ts:1: imports src\/actor\/b.ts: src\/election imports nothing/m,
    /^src\/runtime\/threads\/a.ts:1: .*src\/runtime\/simulation is not above/m,
    /^src\/peer\/b.ts:1: imports workers\/peer.ts: src\/ knows nothing outside/m,
    /^src\/peer\/b.ts:2: imports src\/mod.ts, which is no room above/m,
    /^src\/attic\/a.ts:1: is in a folder that the house/m,
  ]);

  refuses("a facade that does something", {
    "src/lab/mod.ts": ['export * from "./a.ts";', "export const b = 1;"],
    "src/mod.ts": ['import { a } from "./lab/a.ts";', "export { a };"],
  }, [/^src\/lab\/mod.ts:2: is no re-export/m, /^src\/mod.ts:1: .*\n^src\/mod.ts:2: /m]);

  refuses("open ends without an issue, versions apart, names of one machine", {
    "src/lab/a.ts": ["export {};", `// ${"TO"}DO later`],
    "deno.json": ['{ "version": "0.2.0" }'],
    "README.md": [`see ${"/wo"}rk/main/x`, `from https://${"registry."}npmjs.org/comlink`],
  }, [
    /^src\/lab\/a.ts:2: TODO without/m,
    /^deno.json:1: version 0.2.0 is not the 0.1.0/m,
    /^README.md:1: names a path of one machine/m,
    /^README.md:2: names a package registry's host/m,
  ]);
});

describe("scripts/purity.mjs lets pass", () => {
  it("names that only look like it", async () => {
    const { code, output } = await purity({
      "src/actor/clock.ts": [
        'import type { Remote } from "comlink";',
        "// Date.now() and setTimeout() are for others; TODO(#12)",
        "export interface Clock { setTimeout(fn: () => void, ms: number): Remote<Date>; }",
        "export const use = (clock: Clock) => clock.setTimeout(() => {}, Math.max(1, 2));",
        'export const text = "Math.random()";',
        "export const isDate = (value: unknown): boolean => value instanceof Date;",
        "queueMicrotask(() => {});",
      ],
      "src/peer/mod.ts": ['export type { Clock } from "../actor/clock.ts";'],
      "src/runtime/threads/a.ts": [
        'import "node:fs";',
        "Date.now();",
        'import "../../actor/a.ts";',
      ],
      "workers/peer.ts": ['import "../src/runtime/threads/a.ts";', "setTimeout(() => {}, 1);"],
    });
    assert.equal(output, "purity: 6 files, 0 violations\n");
    assert.equal(code, 0);
  });
});

type Tree = Readonly<Record<string, readonly string[]>>;

/** One run for all that is refused: loading the compiler takes longer than everything else here. */
function refuses(what: string, tree: Tree, expected: readonly RegExp[]): void {
  Object.assign(refused, tree);
  it(what, async () => {
    const { code, output } = await (refusal ??= purity(refused));
    assert.equal(code, 1, output);
    for (const line of expected) assert.match(output, line);
  });
}

/** Runs the check on a tree of its own. */
async function purity(tree: Tree): Promise<{ code: number | null; output: string }> {
  await using dir = await tempDir();
  for (const [file, lines] of Object.entries({ ...versions, ...tree })) {
    await dir.write(file, lines.join("\n"));
  }
  const isSource = import.meta.url.endsWith(".ts");
  const script = new URL(`${isSource ? "" : "../"}../../scripts/purity.mjs`, import.meta.url);
  const args = [
    ...("deno" in process.versions ? ["run", "-A"] : []),
    fileURLToPath(script),
    dir.path,
  ];
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, args, (_error, out, err) => {
      resolve({ code: child.exitCode, output: err + out });
    });
  });
}
