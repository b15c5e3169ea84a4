import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { Connection } from "../../src/cli/control/connection.ts";
import { ConnectionLostError } from "../../src/cli/control/errors.ts";
import { passes } from "../../src/cli/control/event_wire.ts";
import { Lines } from "../../src/cli/control/lines.ts";
import { readMessage } from "../../src/cli/control/messages.ts";
import { freeName, nameOf } from "../../src/cli/control/names.ts";
import { openControl } from "../../src/cli/control/open.ts";
import { claimFolder, controlFolder, socketPath } from "../../src/cli/control/place.ts";
import { openSocket } from "../../src/cli/control/probe.ts";
import { RemoteCluster } from "../../src/cli/control/remote_cluster.ts";
import { connectTo, whereOf } from "../../src/cli/control/running.ts";
import { eventually } from "../support/eventually.ts";
import { tempDir } from "../support/temp_dir.ts";
import { FakeCluster } from "./fake_cluster.ts";

/** A cluster with a control socket in a folder of its own. */
async function hosted(options: { name?: string; down?: () => void } = {}) {
  const dir = await tempDir();
  const env = { XDG_RUNTIME_DIR: dir.path };
  const cluster = new FakeCluster({ folder: join(dir.path, "run"), seed: 7 });
  const control = await openControl({
    env,
    name: options.name,
    runtime: "node 20",
    cluster,
    startedAt: 0,
    down: options.down ?? (() => {}),
  });
  return {
    dir,
    env,
    cluster,
    control,
    async [Symbol.asyncDispose]() {
      await control[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

describe("the control socket", () => {
  it("is for its owner alone, and gone when the cluster is", async () => {
    await using host = await hosted();
    const { path } = host.control;
    assert.equal(path, join(host.dir.path, "troupe", `${nameOf("7")}.sock`));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(host.dir.path, "troupe")).mode & 0o777, 0o700);
    await host.control[Symbol.asyncDispose]();
    assert.equal(existsSync(path), false);
  });

  it("lets another process see the cluster, break it, and hear what happens", async () => {
    await using host = await hosted();
    await using remote = await RemoteCluster.connect(host.control.path);
    await remote.follow();
    assert.equal(remote.info.runtime, "node 20");
    assert.deepEqual(remote.peers, ["peer-1", "peer-2", "peer-3", "peer-4", "peer-5"]);
    assert.deepEqual(await remote.tracker(), { tracker: "peer-1", epoch: 1 });
    const kinds: string[] = [];
    remote.on("*", ({ kind }) => kinds.push(kind));
    assert.equal(await remote.breaking.crash("tracker", "throw", { hold: true }), "peer-1");
    await eventually(
      "the new tracker",
      () => remote.view().some(({ id, role }) => id === "peer-2" && role === "tracker"),
    );
    assert.equal(remote.view()[0]?.up, false);
    assert.deepEqual(kinds.slice(0, 2), ["fault.crash", "peer.down"]);
    assert.ok(host.cluster.calls.includes("crash peer-1 throw hold"));
  });

  it("gives the last events with those that come, none twice and none left out", async () => {
    await using host = await hosted();
    for (let n = 1; n <= 5; n++) host.cluster.emit("peer.up", { peer: `peer-${n}` });
    await using remote = await RemoteCluster.connect(host.control.path);
    const seen: unknown[] = [];
    const reading = remote.read(
      { last: 2, kinds: ["peer.*"] },
      ({ data }) => seen.push(data["peer"]),
    );
    await reading;
    host.cluster.emit("election.win", { peer: "peer-1" });
    host.cluster.emit("peer.up", { peer: "peer-9" });
    await eventually("the event that came later", () => seen.length >= 3);
    assert.deepEqual(seen, ["peer-4", "peer-5", "peer-9"]);
  });

  it("tells errors with their codes, progress of downloads, and takes requests back", async () => {
    await using host = await hosted();
    await using remote = await RemoteCluster.connect(host.control.path);
    await assert.rejects(remote.peer(1).download("nothing.txt"), { code: "not_found" });
    await assert.rejects(remote.breaking.crash("peer-77"), { code: "invalid_option" });
    const abort = new AbortController();
    const stopped = remote.tracker({ signal: abort.signal });
    abort.abort(new Error("enough"));
    await assert.rejects(stopped, /enough/);
  });

  it("answers what is wrong with a line in JSON-RPC's own words", async () => {
    await using host = await hosted();
    const answers = await talk(host.control.path, [
      "nonsense",
      '{"jsonrpc":"1.0","id":1,"method":"hello"}',
      '{"jsonrpc":"2.0","id":2,"method":"constructor"}',
      '{"jsonrpc":"2.0","id":3,"method":"crash","params":{"peer":3}}',
      '{"jsonrpc":"2.0","id":4,"method":"view"}',
    ]);
    const codes = answers.map(({ id, error }) => [id, error?.code]).sort();
    assert.deepEqual(
      codes,
      [[null, -32700], [1, -32600], [2, -32601], [3, -32000], [
        4,
        undefined,
      ]].sort(),
    );
  });

  it("takes over the socket of a process that was killed, not that of a living one", async () => {
    await using dir = await tempDir();
    const env = { XDG_RUNTIME_DIR: dir.path };
    claimFolder(controlFolder(env));
    const path = socketPath(controlFolder(env), "taken");
    leaveSocket(path);
    assert.ok(existsSync(path));
    const cluster = new FakeCluster({ seed: 1 });
    const options = { env, name: "taken", runtime: "", cluster, startedAt: 0, down: () => {} };
    await using _first = await openControl(options);
    await assert.rejects(openControl(options), { code: "usage" });
    await using remote = await connectTo(env, undefined);
    assert.equal(remote.info.name, "taken");
  });

  it("makes whoever waits for an answer know that the cluster is gone", async () => {
    await using dir = await tempDir();
    const path = join(dir.path, "mute.sock");
    const server = createServer((socket) => socket.once("data", () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const connection = new Connection(await openSocket(path));
    await assert.rejects(connection.call("hello"), ConnectionLostError);
    await assert.rejects(connection.call("hello"), ConnectionLostError);
    await new Promise((resolve) => server.close(resolve));
  });

  it("waits for no reader: leaves events out for one who does not read, and says how many", async () => {
    await using dir = await tempDir();
    const path = join(dir.path, "slow.sock");
    const sent = 400;
    const server = createServer((socket) => {
      const connection = new Connection(socket);
      const event = "x".repeat(64 * 1024);
      for (let n = 0; n < sent; n++) connection.stream("event", { event });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    let [received, dropped] = [0, 0];
    const reader = new Connection(await openSocket(path), {
      notified(method, params) {
        if (method === "event") received++;
        else if (method === "dropped") dropped += Number(params["events"]);
      },
    });
    await eventually("every event to be here or told of", () => received + dropped === sent);
    assert.ok(dropped > 0 && received > 0, `${received} received, ${dropped} dropped`);
    await reader.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it("says which clusters there are where one name is needed", async () => {
    await using host = await hosted({ name: "one-otter" });
    await assert.rejects(connectTo(host.env, "one-oter"), /did you mean "one-otter"\?/);
    const other = new FakeCluster({ seed: 8 });
    const more = { env: host.env, name: "two", runtime: "", cluster: other, startedAt: 0 };
    await using _second = await openControl({ ...more, down: () => {} });
    await assert.rejects(connectTo(host.env, undefined), /2 clusters run.*: one-otter, two/);
  });
});

describe("the place of the sockets", () => {
  it("is closed to others even if it was open", async () => {
    await using dir = await tempDir();
    const folder = join(dir.path, "troupe");
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    claimFolder(folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("refuses paths that a system would cut short, and names that are none", () => {
    assert.throws(() => socketPath(`/${"x".repeat(90)}`, "brisk-otter"), /108 bytes; expected 103/);
    assert.throws(() => socketPath("/tmp", "../x"), { code: "usage" });
    assert.throws(() => socketPath("/tmp", ""), { code: "usage" });
    assert.equal(socketPath("/tmp", "brisk-otter"), "/tmp/brisk-otter.sock");
  });

  it("names clusters by their seeds, each name once", () => {
    assert.equal(nameOf("4217"), nameOf("4217"));
    const names = new Set(Array.from({ length: 1_000 }, (_, seed) => nameOf(String(seed))));
    assert.ok(names.size > 900, `${names.size} names for 1000 seeds`);
    for (const name of names) assert.match(name, /^[a-z]+-[a-z]+$/);
    assert.equal(freeName("a-b", new Set(["a-b", "a-b-2"])), "a-b-3");
  });

  it("reads cluster and peer from one word", () => {
    assert.deepEqual(whereOf("brisk-otter/3"), { cluster: "brisk-otter", peer: "3" });
    assert.deepEqual(whereOf("tracker"), { cluster: undefined, peer: "tracker" });
    assert.deepEqual(whereOf("brisk-otter/"), { cluster: "brisk-otter", peer: undefined });
    assert.deepEqual(whereOf(undefined), { cluster: undefined, peer: undefined });
  });
});

describe("what goes over the wire", () => {
  it("is cut into lines wherever the chunks end, also within a character", () => {
    const lines = new Lines(100);
    const bytes = new TextEncoder().encode("é\r\n\nzwei\ndr");
    const seen = [...bytes].flatMap((byte) => lines.push(Uint8Array.of(byte)));
    assert.deepEqual([...seen, ...lines.push(new TextEncoder().encode("ei\n"))], [
      "é",
      "zwei",
      "drei",
    ]);
    assert.throws(() => lines.push(new Uint8Array(101).fill(65)), RangeError);
  });

  it("is JSON-RPC 2.0 or refused", () => {
    assert.deepEqual(readMessage('{"jsonrpc":"2.0","method":"cancel","params":{"id":1}}'), {
      jsonrpc: "2.0",
      method: "cancel",
      params: { id: 1 },
    });
    for (const line of ["1", "[]", "{}", '{"jsonrpc":"2.0","id":1}', "{"]) {
      assert.ok("malformed" in readMessage(line), line);
    }
  });

  it("lets events through by kind and by peer", () => {
    const event = { kind: "election.win", data: { peer: "peer-2" } };
    assert.ok(passes({}, event));
    assert.ok(passes({ kinds: ["peer.up", "election.*"] }, event));
    assert.ok(!passes({ kinds: ["election"] }, event));
    assert.ok(!passes({ peers: ["peer-1"] }, event));
  });
});

/** Leaves a socket at `path` that nobody listens at, as a killed process does. */
function leaveSocket(path: string): void {
  const program = `require("node:net").createServer().listen(${
    JSON.stringify(path)
  }, () => process.kill(process.pid, "SIGKILL"))`;
  const deno = process.versions["deno"] !== undefined;
  spawnSync(process.execPath, deno ? ["eval", "--ext=cjs", program] : ["-e", program]);
}

interface Answer {
  readonly id: number | null;
  readonly error?: { readonly code: number };
}

/** Sends lines and gives as many answers. */
function talk(path: string, lines: readonly string[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => socket.write(`${lines.join("\n")}\n`));
    let text = "";
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      text += String(chunk);
      const answers = text.split("\n").slice(0, -1);
      if (answers.length < lines.length) return;
      socket.end();
      resolve(answers.map((line) => JSON.parse(line)));
    });
  });
}
