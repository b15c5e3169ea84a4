import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { moduleUrl, RUNTIME } from "../src/actor.ts";
import { compare, rounds } from "./rounds.ts";
import type { Row, Section } from "./section.ts";

const ALIVE: readonly number[] = [5, 100, 500];

/** What an actor in a thread of its own takes, against a bare worker. */
export const memory: Section = {
  name: "memory",
  title: "memory of an actor in a thread of its own",
  async run() {
    const rows: Row[] = [];
    for (const count of ALIVE) rows.push(await perThread(count));
    return {
      rows,
      notes: [
        "What the process (RSS) grows by per thread, each case in a process of its own. Same modules: a worker that loads what the",
        "actor's thread loads, and waits for messages.",
      ],
    };
  },
};

async function perThread(count: number): Promise<Row> {
  const results = await rounds(1, {
    actor: () => growth("actors", count),
    same: () => growth("workers", count),
  }, 0);
  return {
    name: `per thread, ${count} alive`,
    unit: "B",
    ...compare(results, "actor", "same", "worker, same modules"),
  };
}

async function growth(what: "actors" | "workers", count: number): Promise<number> {
  const script = fileURLToPath(moduleUrl("./fixtures/memory.ts", import.meta.url));
  const before = RUNTIME === "deno" ? ["run", "-A"] : [];
  const args = [...before, script, what, String(count)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}
