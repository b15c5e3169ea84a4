import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SystemEvent } from "../../src/actor.ts";
import type { Cluster, ClusterOptions } from "../../src/cluster/mod.ts";
import { createCluster } from "../../src/cluster/mod.ts";
import { InvariantAlarm } from "../support/invariant_alarm.ts";
import { tempDir } from "../support/temp_dir.ts";

/** What each peer shares at the start: peer id -> name -> content. */
export type Files = Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;

/** A cluster in a temporary folder, with its events so far. Ends with the scope, which fails if an invariant of the election broke. */
export interface TestCluster extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly folder: string;
  readonly events: readonly SystemEvent[];
  /** Puts a file into the shared folder of `peer`. */
  share(peer: string, name: string, content: string | Uint8Array): void;
}

export async function testCluster(
  files: Files = {},
  options: ClusterOptions = {},
): Promise<TestCluster> {
  const dir = await tempDir();
  const shared = join(dir.path, "shared");
  mkdirSync(shared);
  const share = (peer: string, name: string, content: string | Uint8Array): void => {
    const path = join(shared, peer, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  for (const [peer, contents] of Object.entries(files)) {
    for (const [name, content] of Object.entries(contents)) share(peer, name, content);
  }
  const alarm = new InvariantAlarm(options);
  const cluster = await createCluster({
    folder: join(dir.path, "run"),
    shared,
    // What a test adds shows when the test looks, not some 100 ms later.
    watch: false,
    ...options,
    onEvent: alarm.onEvent,
  });
  const events: SystemEvent[] = [];
  cluster.on("*", (event) => void events.push(event));
  return {
    cluster,
    folder: dir.path,
    events,
    share,
    async [Symbol.asyncDispose]() {
      await cluster.close();
      await dir[Symbol.asyncDispose]();
      alarm.check();
    },
  };
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

export function sha256Of(path: string): string {
  return sha256(readFileSync(path));
}

/** `length` bytes that a seed determines and that do not repeat soon. */
export function bytes(length: number, seed = 1): Uint8Array {
  const content = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    content[i] = state;
  }
  return content;
}

/** Fails if two peers ever won one epoch. */
export function winners(events: readonly SystemEvent[]): Map<number, Set<string>> {
  const won = new Map<number, Set<string>>();
  for (const { kind, data } of events) {
    if (kind !== "election.win") continue;
    const epoch = data["epoch"] as number;
    const peers = won.get(epoch) ?? new Set();
    peers.add(String(data["peer"]));
    won.set(epoch, peers);
  }
  return won;
}
