import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActorRef, SystemEvent } from "../../../src/actor.ts";
import { child, fromModule, moduleUrl, supervisor, UnresponsiveError } from "../../../src/actor.ts";
import { caseHost, eventually } from "./host.ts";
import type crew from "./fixtures/crew.ts";
import type { ServerProtocol } from "./fixtures/server.ts";
import type spinner from "./fixtures/spinner.ts";
import type { SpinnerProtocol } from "./fixtures/spinner.ts";
import { oneSystem, rejection } from "./support.ts";

function fixture(name: string): URL {
  return moduleUrl(`./fixtures/${name}`, import.meta.url);
}

describe("ours: threads", () => {
  const system = oneSystem({
    threads: { cabin: { size: 1 } },
    liveness: { intervalMs: 50, acceptablePauseMs: 300 },
  });

  it("109 the thread of several actors is terminated: N times nodedown, asks are rejected, names are free, supervisors on other threads act", async () => {
    const top = await system().spawn(
      fromModule<typeof crew>(fixture("crew.ts")),
      undefined,
      { placement: "thread" },
    );
    const crewOf = async (): Promise<ActorRef<ServerProtocol>[]> =>
      (await top.ask.whichChildren()).flatMap(({ ref }) =>
        typeof ref === "object" ? [ref.as<ServerProtocol>()] : []
      );
    const before = await crewOf();
    const [node, ...others] = new Set(before.map((ref) => ref.node));
    assert.ok(node !== undefined && node !== top.node && others.length === 0);
    const downs = before.map((ref) => system().down(ref));
    const asks = before.flatMap((ref) => {
      const { ask } = ref.with({ timeout: Infinity });
      return [rejection(ask.wait()), rejection(ask.block()), rejection(ask.echo("queued"))];
    });
    system().terminate(node);
    for (const { reason } of await Promise.all(downs)) {
      assert.ok(reason.kind === "nodedown" && reason.node === node);
    }
    assert.equal(downs.length, 3);
    for (const error of await Promise.all(asks)) assert.equal(error.code, "noproc");
    const after = await eventually("all three to be back, under their names", async () => {
      const now = await crewOf();
      const owner = await system().registry.whereis("crew/a");
      return now.length === 3 && now.every((ref) => ref.node !== node) &&
        now.some(({ id }) => id === owner?.id) && now;
    });
    assert.deepEqual(await Promise.all(after.map((ref) => ref.ask.echo("x"))), ["x", "x", "x"]);
    await system().stop(top);
  });

  it("110 a handler spins: node.unresponsive in time; where it may be killed: DOWN and a restart", async (t) => {
    const start = fromModule<typeof spinner>(fixture("spinner.ts"));
    const top = await system().spawn(
      supervisor({}, [
        child({
          id: "a",
          start,
          args: undefined,
          placement: "thread",
          killUnresponsive: true,
        }),
      ]),
      undefined,
    );
    const current = async (): Promise<ActorRef<SpinnerProtocol> | undefined> => {
      const ref = (await top.ask.whichChildren())[0]?.ref;
      return typeof ref === "object" ? ref.as<SpinnerProtocol>() : undefined;
    };
    const before = await current();
    assert.ok(before !== undefined);
    const told: SystemEvent[] = [];
    const listening = system().on("node.unresponsive", (event) => told.push(event));
    t.after(() => listening[Symbol.dispose]());
    const down = system().down(before);
    const began = system().now();
    caseHost().spin(system(), before);
    const { reason } = await down;
    assert.ok(reason.kind === "nodedown" && reason.cause instanceof UnresponsiveError);
    assert.equal(reason.cause.method, "spin");
    // 300 ms of pause, the deviation of a 50 ms beat, and room for a busy machine.
    assert.ok(system().now() - began < 3_500);
    assert.equal(told[0]?.node, before.node);
    const after = await eventually("the next incarnation", async () => {
      const ref = await current();
      return ref !== undefined && ref.id !== before.id && ref;
    });
    assert.equal(await after.ask.ping(), "here");
    await system().stop(top);
  });

  const bad: readonly [string, string, number, RegExp][] = [
    ["is missing", "no_such_module.ts", 10_000, /no_such_module/],
    ["throws at import", "throws_at_import.ts", 10_000, /this module does not load/],
    ["never says ready", "spins_at_import.ts", 300, /not ready within \d+ ms/],
  ];
  for (const [what, name, startTimeout, message] of bad) {
    it(`115 a module that ${what}: start_failed with the cause, in time, and nothing is left`, {
      skip: name === "spins_at_import.ts" &&
        caseHost().skip("a module that does not yield at import"),
    }, async () => {
      const threads = async (): Promise<number> => (await system().inspect()).threads.length;
      const before = await threads();
      const began = system().now();
      const spawned = system().spawn(fromModule(fixture(name)), undefined as never, {
        placement: "thread",
        startTimeout,
        name: "unlucky",
      });
      const error = await rejection(spawned);
      assert.equal(error.code, "start_failed");
      assert.match(error.message, message);
      assert.ok(error.cause instanceof Error);
      assert.ok(system().now() - began < 5_000);
      assert.equal(await system().registry.whereis("unlucky"), undefined);
      await eventually("its thread to be gone", async () => await threads() === before);
    });
  }
});
