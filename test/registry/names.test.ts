import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AskTimeoutError, kernelId, NOPROC, NoProcError } from "../../src/actor/mod.ts";
import { makeNameRef } from "../../src/actor/name_refs.ts";
import { makeRef } from "../../src/actor/refs.ts";
import type { JoinRecord, NameRecord } from "../../src/registry/mod.ts";
import type { ClientWorld, Sent } from "./support.ts";
import { actorOf, clientWorld, named, node, settle } from "./support.ts";

const R1 = actorOf("r1", 1);
const R2 = actorOf("r2", 1);
const A = actorOf("n1", 1);
const B = actorOf("n2", 1);

const gone = (): NoProcError => new NoProcError("it", "m", NOPROC, "no");

async function withRegistry(): Promise<ClientWorld> {
  const world = clientWorld();
  void world.client.registryIs(R1);
  world.take("reclaim").resolve?.([]);
  await settle();
  return world;
}

/** The registry dies; another comes. Gives what that one is told first. */
function restart(world: ClientWorld): Sent {
  world.client.nodeDown(node("r1"), { kind: "nodedown", node: node("r1") });
  void world.client.registryIs(R2);
  return world.take("reclaim");
}

const namesIn = (reclaim: Sent): string[] =>
  (reclaim.args[1] as { names: NameRecord[] }).names.map(({ name }) => name);

describe("a name in a node's cache", () => {
  it("is asked for once, until the registry says that it changed", async () => {
    const world = await withRegistry();
    const first = world.client.resolve("x");
    world.take("lookup").resolve?.(named("x", A, 1));
    assert.equal(await first, A);
    assert.equal(await world.client.resolve("x"), A);
    assert.equal(world.sent.length, 0);
    world.client.changed("x");
    const second = world.client.resolve("x");
    world.take("lookup").resolve?.(named("x", B, 1));
    assert.equal(await second, B);
  });

  it("is not kept if it changed while the answer was on its way", async () => {
    const world = await withRegistry();
    const first = world.client.resolve("x");
    // The answer and the news come in one batch: the news is handled before whoever awaits the answer goes on.
    world.take("lookup").resolve?.(named("x", A, 1));
    world.client.changed("x");
    assert.equal(await first, A, "it was right when it was given");
    const second = world.client.resolve("x");
    world.take("lookup").resolve?.(undefined);
    assert.equal(await second, undefined);
  });

  it("is not kept, nor believed, if it comes from a registry that is gone", async () => {
    const world = await withRegistry();
    const first = world.client.resolve("x");
    const lookup = world.take("lookup");
    restart(world);
    lookup.resolve?.(named("x", A, 1));
    await settle();
    world.take("lookup").resolve?.(named("x", B, 1));
    assert.equal(await first, B, "the successor was asked");
  });

  it("is forgotten with the registry, which alone could tell of changes, and with its owner's thread", async () => {
    const world = await withRegistry();
    for (const [name, id] of [["x", A], ["y", B]] as const) {
      const asked = world.client.resolve(name);
      world.take("lookup").resolve?.(named(name, id, 1));
      await asked;
    }
    world.client.nodeDown(node("n2"), NOPROC);
    const asked = world.client.resolve("y");
    const lookup = world.take("lookup");
    assert.deepEqual(lookup.args, ["y", "n1"]);
    lookup.resolve?.(undefined);
    await asked;
    restart(world).resolve?.([]);
    void world.client.resolve("x");
    await settle();
    assert.equal(world.take("lookup").args[0], "x");
  });

  it("of a name that nobody has is never kept", async () => {
    const world = await withRegistry();
    for (let i = 0; i < 2; i++) {
      const asked = world.client.resolve("x");
      world.take("lookup").resolve?.(undefined);
      assert.equal(await asked, undefined);
    }
  });
});

describe("a ref by name", () => {
  async function cached(): Promise<ClientWorld> {
    const world = await withRegistry();
    const asked = world.client.resolve("x");
    world.take("lookup").resolve?.(named("x", A, 1));
    await asked;
    return world;
  }

  it("whose cached actor is gone is resolved anew, once, and the ask repeated", async () => {
    const world = await cached();
    const answer = makeNameRef<{ m(n: number): number }>(world.home(), "x").ask.m(7);
    await settle();
    const first = world.take("m");
    assert.equal(first.to, A);
    first.reject?.(gone());
    await settle();
    world.take("lookup").resolve?.(named("x", B, 1));
    await settle();
    const second = world.take("m");
    assert.deepEqual([second.to, second.args], [B, [7]]);
    second.reject?.(gone());
    await assert.rejects(answer, { code: "noproc" });
    assert.equal(world.sent.length, 0, "not a third time");
    const next = world.client.resolve("x");
    assert.equal(await next, B, "what was found anew is kept");
  });

  it("does not repeat what may have been done, nor if the name stands for the same or for nobody", async () => {
    const world = await cached();
    const via = makeNameRef<{ m(): void }>(world.home(), "x");
    const maybe = via.ask.m();
    await settle();
    world.take("m").reject?.(new NoProcError("x", "m", NOPROC, "maybe"));
    await assert.rejects(maybe, { code: "noproc", delivered: "maybe" });
    for (const record of [named("x", A, 1), undefined]) {
      const asked = via.ask.m();
      await settle();
      world.take("m").reject?.(gone());
      await settle();
      world.take("lookup").resolve?.(record);
      await assert.rejects(asked, { code: "noproc", delivered: "no" });
    }
    assert.equal(world.sent.length, 0);
  });

  it("does not repeat an ask whose buffers are gone", async () => {
    const world = await cached();
    const buffer = new ArrayBuffer(8);
    const via = makeNameRef<{ m(bytes: ArrayBuffer): void }>(world.home(), "x");
    const asked = via.with({ transfer: [buffer] }).ask.m(buffer);
    await settle();
    structuredClone(buffer, { transfer: [buffer] });
    world.take("m").reject?.(gone());
    await assert.rejects(asked, { code: "noproc" });
  });
});

describe("what a node's actors hold", () => {
  it("is told to the next registry, with what an answer of the last one had just given", async () => {
    const world = await withRegistry();
    const claim = world.client.claim("x", A, { role: "r" });
    const request = world.take("claim");
    request.resolve?.(request.args[0]);
    await claim;
    const asked = world.client.claim("y", A, {});
    const late = world.take("claim");
    assert.deepEqual(namesIn(restart(world)), ["x"]);
    // The old registry's last word arrives after the news of its successor, which has not heard of "y".
    late.resolve?.(late.args[0]);
    await settle();
    const again = world.take("claim");
    assert.deepEqual([again.to, again.args], [R2, late.args]);
    again.resolve?.(again.args[0]);
    await asked;
  });

  it("keeps what the registry has, not what was claimed a second time", async () => {
    const world = await withRegistry();
    const claim = world.client.claim("x", A, { n: 2 });
    world.take("claim").resolve?.(named("x", A, 1, { meta: { n: 1 } }));
    await claim;
    const [record] = (restart(world).args[1] as { names: NameRecord[] }).names;
    assert.deepEqual(record?.meta, { n: 1 });
  });

  it("is nothing for an actor that is gone, or ends while its claim is on its way", async () => {
    const world = await withRegistry();
    const living = new Set([A]);
    world.client.attach((id) => living.has(id));
    await assert.rejects(world.client.claim("x", actorOf("n1", 9), {}), { code: "noproc" });
    assert.equal(world.sent.length, 0);
    const claim = world.client.claim("x", A, {});
    assert.equal(world.client.holds(A), true, "its end must wait for the registry");
    const request = world.take("claim");
    living.delete(A);
    const released = world.client.release(A);
    world.take("release").resolve?.(undefined);
    await released;
    request.resolve?.(request.args[0]);
    await assert.rejects(claim, { code: "noproc" });
    assert.deepEqual(namesIn(restart(world)), []);
    assert.equal(world.client.holds(A), false);
  });

  it("is freed although the registry did not answer in time: what is told stays, what is asked is withdrawn", async () => {
    const world = await withRegistry();
    const claim = world.client.claim("x", A, {});
    const request = world.take("claim");
    request.resolve?.(request.args[0]);
    await claim;
    const released = world.client.release(A);
    world.take("release").reject?.(new AskTimeoutError("registry", "release", 1_000));
    await released;
    assert.equal(world.take("release").resolve, undefined, "a tell");
  });

  it("is told to a registry that did not answer in time", async () => {
    const world = clientWorld();
    void world.client.registryIs(R1);
    world.take("reclaim").reject?.(new AskTimeoutError("registry", "reclaim", 5_000));
    await settle();
    assert.equal(world.take("reclaim").resolve, undefined, "a tell");
    assert.equal(world.client.registryIs(R1), world.client.registryIs(R1));
    assert.equal(world.sent.length, 0, "told once, however often the registry is announced");
  });

  it("shrinks by what others got meanwhile, and by what a higher rank overtook", async () => {
    const world = await withRegistry();
    for (const name of ["x", "y", "top"]) {
      const claim = world.client.claim(name, A, {});
      const request = world.take("claim");
      request.resolve?.(request.args[0]);
      await claim;
    }
    world.client.overtaken(named("top", B, 1, { rank: 3 }));
    const reclaim = restart(world);
    assert.deepEqual(namesIn(reclaim), ["x", "y"]);
    reclaim.resolve?.([named("x", A, 1)]);
    await settle();
    world.client.nodeDown(node("r2"), NOPROC);
    void world.client.registryIs(R1);
    assert.deepEqual(namesIn(world.take("reclaim")), ["y"]);
  });

  it("is gone once unregistered, whoever dies meanwhile", async () => {
    const world = await withRegistry();
    const claim = world.client.claim("x", A, {});
    const request = world.take("claim");
    request.resolve?.(request.args[0]);
    await claim;
    const removed = world.client.unregister("x", A);
    world.take("unregister").reject?.(new NoProcError("registry", "unregister", NOPROC, "maybe"));
    await settle();
    assert.deepEqual(namesIn(restart(world)), []);
    await settle();
    world.take("unregister").resolve?.(false);
    assert.equal(await removed, true, "the first registry did it, but could not say so");
  });

  it("is freed with its thread although the system's own word to the registry came too late", () => {
    const world = clientWorld();
    const here = actorOf("n1", 7);
    void world.client.registryIs(here);
    world.client.nodeDown(node("n2"), NOPROC);
    const { to, args } = world.take("nodeDown");
    assert.deepEqual([to, args], [here, ["n2", NOPROC]]);
  });

  it("is not taken from those who wait when a registry dies at once", async () => {
    const world = clientWorld();
    const list = world.client.view(world.home()).list();
    void world.client.registryIs(R1);
    world.take("reclaim").reject?.(gone());
    await settle();
    world.take("list").reject?.(gone());
    await settle();
    restart(world);
    await settle();
    world.take("list").resolve?.([]);
    assert.deepEqual(await list, []);
  });
});

describe("the registry as actors see it", () => {
  it("lets nobody else be the registry", async () => {
    const world = await withRegistry();
    const view = world.client.view(world.home());
    const ref = makeRef(world.home(), A, undefined);
    await assert.rejects(view.register("troupe.registry", ref), { code: "invalid_option" });
    await assert.rejects(view.raise("troupe.registry", ref, 1), { code: "invalid_option" });
    await assert.rejects(world.client.claim("troupe.registry", A, {}), {
      code: "already_registered",
      owner: R1,
    });
  });

  it("refuses bad input before anything is sent", async () => {
    const world = await withRegistry();
    const view = world.client.view(world.home());
    const ref = makeRef(world.home(), A, undefined);
    const invalid = { code: "invalid_option" };
    const bad = "\n" as never;
    await assert.rejects(view.register(bad, ref), invalid);
    await assert.rejects(view.register("x", "n1/1" as never), invalid);
    await assert.rejects(view.register("x", view.via("y") as never), invalid);
    await assert.rejects(view.register("x", ref, { meta: [] as never }), invalid);
    await assert.rejects(view.register("x", ref, { meta: { fn() {} } }), { code: "not_cloneable" });
    await assert.rejects(view.unregister(bad), invalid);
    await assert.rejects(view.raise("x", ref, 0), invalid);
    await assert.rejects(view.whereis(bad), invalid);
    await assert.rejects(view.lookup(bad), invalid);
    await assert.rejects(view.list({ meta: { a: null as never } }), invalid);
    await assert.rejects(view.waitFor(bad), invalid);
    await assert.rejects(view.waitFor("x", { timeout: 0 }), invalid);
    await assert.rejects(view.join(bad, ref), invalid);
    await assert.rejects(view.members(bad), invalid);
    await assert.rejects(view.publish(bad, "m"), invalid);
    await assert.rejects(view.publish("g", 1 as never), invalid);
    assert.throws(() => view.via(bad), invalid);
    assert.throws(() => view.watch({ name: bad }, () => {}), invalid);
    assert.throws(() => view.watch({}, undefined as never), invalid);
    assert.throws(() => view.watch({}, () => {}, { limit: 0 }), invalid);
    assert.throws(() => view.changes({ prefix: 1 as never }), invalid);
    assert.equal(world.sent.length, 0);
  });

  it("asks the node of an actor to register it, which tells the next registry", async () => {
    const world = await withRegistry();
    const view = world.client.view(world.home());
    const ref = makeRef(world.home(), B, undefined);
    void view.register("x", ref, { meta: { n: 1 } });
    void view.unregister("x", ref);
    void view.raise("top", ref, 3);
    void view.join("g", ref);
    assert.deepEqual(world.sent.map(({ to, method, args }) => [to, method, args]), [
      [kernelId(node("n2")), "registryClaim", ["x", B, { n: 1 }]],
      [kernelId(node("n2")), "registryUnregister", ["x", B]],
      [kernelId(node("n2")), "registryRaise", ["top", B, 3, {}]],
      [kernelId(node("n2")), "registryJoin", ["g", B]],
    ]);
  });

  it("does not meet its node's cache after a change of its own, though the news of it are on another way", async () => {
    const world = await withRegistry();
    const view = world.client.view(world.home());
    const ref = makeRef(world.home(), B, undefined);
    const deeds: [method: string, answer: unknown, deed: () => Promise<unknown>][] = [
      ["registryUnregister", true, () => view.unregister("x", ref)],
      ["registryClaim", undefined, () => view.register("x", ref)],
      ["registryRaise", named("x", B, 1, { rank: 1 }), () => view.raise("x", ref, 1)],
    ];
    for (const [method, answer, deed] of deeds) {
      const asked = world.client.resolve("x");
      world.take("lookup").resolve?.(named("x", A, 1));
      await asked;
      const done = deed();
      world.take(method).resolve?.(answer);
      await done;
      void world.client.resolve("x");
      world.take("lookup").resolve?.(undefined);
      await settle();
    }
  });

  it("leaves a group once per join, and again in vain", async () => {
    const world = await withRegistry();
    const view = world.client.view(world.home());
    const joining = view.join("g", makeRef(world.home(), A, undefined));
    const request = world.take("join");
    request.resolve?.({ ...(request.args[0] as JoinRecord), order: 1 });
    const membership = await joining;
    membership[Symbol.dispose]();
    assert.equal((world.take("leave").args[0] as JoinRecord).order, 1);
    assert.equal(world.sent.length, 0);
    membership[Symbol.dispose]();
    assert.equal(world.sent.length, 0);
  });
});
