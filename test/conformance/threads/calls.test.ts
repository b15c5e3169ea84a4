import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActorRef, ExitReason, Placement } from "../../../src/actor.ts";
import { actor, fromModule, moduleUrl, NoProcError } from "../../../src/actor.ts";
import { eventually } from "./host.ts";
import type server from "./fixtures/server.ts";
import type { ServerProtocol } from "./fixtures/server.ts";
import { SINGLE } from "./stage.ts";
import { eventsOf, NORMAL, oneSystem, rejection, SHUTDOWN } from "./support.ts";

const serverModule = fromModule<typeof server>(moduleUrl("./fixtures/server.ts", import.meta.url));

type Server = ActorRef<ServerProtocol>;

const PLACES = [
  ["local", "local"],
  ["in a pool", { pool: SINGLE }],
  ["in a thread of its own", "thread"],
] as const;

describe("calls", () => {
  const system = oneSystem();

  /** A server that waits for ever unless it answers or ends: no test below is saved by the default timeout. */
  async function serve(placement: Placement): Promise<Server> {
    const ref = await system().spawn(serverModule, undefined, { placement });
    return ref.with({ timeout: Infinity });
  }

  const endings: readonly [string, ExitReason["kind"], (ref: Server) => unknown][] = [
    ["is killed", "killed", (ref) => system().kill(ref)],
    ["ends normally", "normal", (ref) => ref.tell.end(NORMAL)],
    ["ends with shutdown", "shutdown", (ref) => ref.tell.end(SHUTDOWN)],
    ["is stopped", "shutdown", (ref) => system().stop(ref)],
    ["crashes", "error", (ref) => ref.tell.end({ kind: "error", error: new Error("x") })],
  ];

  for (const [where, placement] of PLACES) {
    it(`98 calling_self: fails at once (${where})`, async () => {
      const ref = await serve(placement);
      assert.equal((await rejection(ref.ask.askSelf())).code, "calling_self");
      await system().kill(ref);
    });

    it(`99 call, call_remote: dead is noproc at once (${where})`, async () => {
      const ref = await serve(placement);
      await system().kill(ref);
      const error = await rejection(ref.ask.echo("anyone?"));
      assert.ok(error instanceof NoProcError);
      assert.equal(error.delivered, "no");
      ref.tell.echo("a cast to the dead is ok");
    });

    for (const [how, kind, end] of endings) {
      it(`99 call: it ${how} meanwhile: that reason (${where})`, async () => {
        const ref = await serve(placement);
        const asked = rejection(ref.ask.wait());
        await ref.ask.echo("it has begun");
        end(ref);
        const error = await asked;
        assert.ok(error instanceof NoProcError);
        assert.notEqual(error.delivered, "no");
        assert.equal(error.reason.kind, kind);
      });
    }

    it(`100 V3: five queued behind a blocked server that is killed: five failures at once (${where})`, async () => {
      const ref = await serve(placement);
      const blocking = rejection(ref.ask.block());
      const queued = [1, 2, 3, 4, 5].map((n) => rejection(ref.ask.echo(`${n}`)));
      await eventually("all to be there", async () => {
        const { nodes } = await system().inspect();
        const actors = nodes.flatMap(({ actors }) => actors);
        return actors.some(({ id, mailbox }) => id === ref.id && mailbox.size === 5);
      });
      const reason = await system().kill(ref);
      assert.deepEqual(reason, { kind: "killed" });
      for (const error of await Promise.all([blocking, ...queued])) {
        assert.ok(error instanceof NoProcError);
        assert.equal(error.code, "noproc");
      }
    });

    it(`101 T12: a reply after the timeout is one ask.late_reply event and nothing in the mailbox (${where})`, async (t) => {
      const late = eventsOf(t, system(), "ask.late_reply");
      const ref = await serve(placement);
      const caller = await system().spawn(
        actor(() => ({
          call: async (to: Server): Promise<string> =>
            (await rejection(to.with({ timeout: 20 }).ask.slow(500))).code ?? "no code",
          idle: () => "idle",
        })),
        undefined,
      );
      assert.equal(await caller.ask.call(ref as never), "timeout");
      await eventually("the late reply", () => late.length === 1);
      assert.equal(late[0]?.data["method"], "slow");
      assert.equal(await ref.ask.count(), 1, "the server was not told, and keeps its state");
      assert.equal(await caller.ask.idle(), "idle");
      const { nodes } = await system().inspect();
      const seen = nodes.flatMap(({ actors }) => actors).find(({ id }) => id === caller.id);
      assert.deepEqual([seen?.handled, seen?.mailbox.size], [2, 0]);
      assert.equal(late.length, 1);
      await Promise.all([system().kill(ref), system().kill(caller)]);
    });

    it(`111 an aborted signal: never sent, taken out of the queue, told to the callee, or too late (${where})`, async () => {
      const ref = await serve(placement);
      const before = await rejection(ref.with({ signal: AbortSignal.abort() }).ask.slow(0));
      assert.deepEqual([before.code, "delivered" in before && before.delivered], ["aborted", "no"]);

      const running = new AbortController();
      const begun = rejection(ref.with({ signal: running.signal }).ask.untilGivenUp());
      await ref.ask.echo("it has begun");
      running.abort();
      assert.equal((await begun).code, "aborted");
      assert.equal(await ref.ask.givenUp(), "given up");

      const queued = new AbortController();
      const busy = ref.ask.slow(50);
      const waiting = rejection(ref.with({ signal: queued.signal }).ask.slow(0));
      queued.abort();
      assert.equal((await waiting).code, "aborted");
      await busy;
      assert.equal(await ref.ask.count(), 1, "the one that was queued never ran");

      const after = new AbortController();
      assert.equal(await ref.with({ signal: after.signal }).ask.echo("done"), "done");
      after.abort();
      assert.equal(await ref.ask.echo("still here"), "still here");
      await system().kill(ref);
    });

    it(`112 transfer to a dead actor: noproc, and the buffer is whole (${where})`, async () => {
      const ref = await serve(placement);
      const bytes = new ArrayBuffer(64);
      await system().stop(ref);
      const error = await rejection(ref.with({ transfer: [bytes] }).ask.size(bytes));
      assert.equal(error.code, "noproc");
      assert.equal(bytes.byteLength, 64);
    });

    it(`113 A asks B asks A: deadlock at once; so with three (${where})`, async () => {
      const three = (): Promise<[Server, Server, Server]> =>
        Promise.all([serve(placement), serve("local"), serve(placement)]);
      let [a, b, c] = await three();
      assert.equal(await a.ask.askAround([b, c]), "all asked");
      assert.equal((await rejection(a.ask.askAround([b, a]))).code, "deadlock");
      await system().kill(c);
      // Nobody caught the error, so it ended those that waited for each other.
      [a, b, c] = await three();
      assert.equal((await rejection(a.ask.askAround([b, c, a]))).code, "deadlock");
    });
  }

  it("103 call_with_huge_message_queue: 100 000 wait in the caller's mailbox: its calls stay fast", async () => {
    const ref = await serve({ pool: SINGLE });
    const caller = await system().spawn(
      actor((ctx) => ({
        noise() {},
        async calls(to: Server, count: number): Promise<number> {
          const began = ctx.clock.now();
          for (let i = 0; i < count; i++) await to.ask.echo("x");
          return ctx.clock.now() - began;
        },
      })),
      undefined,
    );
    const calls = (): Promise<number> =>
      caller.with({ timeout: 60_000 }).ask.calls(ref as never, 200);
    await calls();
    const alone = await calls();
    const asked = calls();
    for (let i = 0; i < 100_000; i++) caller.tell.noise();
    const crowded = await asked;
    // Ten thousand times as slow, were the queue searched for each reply; the rest is room for a busy machine.
    assert.ok(crowded < 20 * Math.max(alone, 20), `alone ${alone} ms, crowded ${crowded} ms`);
    await Promise.all([system().kill(ref), system().kill(caller)]);
  });
});
