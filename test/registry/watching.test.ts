import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RegistryEvent } from "../../src/actor/mod.ts";
import { AskTimeoutError } from "../../src/actor/mod.ts";
import type { JoinRecord, NameRecord, News, Owned } from "../../src/registry/mod.ts";
import type { ClientWorld } from "./support.ts";
import { actorOf, clientWorld, joined, named, node, settle } from "./support.ts";

const R1 = actorOf("r1", 1);
const A = actorOf("n1", 1);

/** A client with a registry that says what the test makes it say. */
class World {
  readonly world: ClientWorld = clientWorld();
  #seq = 0;

  constructor() {
    void this.world.client.registryIs(R1);
    this.world.take("reclaim").resolve?.([]);
  }

  /** What there is, for the watch that was asked for last. */
  snapshot(items: readonly Owned[] = []): void {
    const request = this.world.take("watch");
    const watch = request.args[1] as number;
    this.say({ watch, registry: R1, seq: this.#seq, type: "snapshot", items });
    request.resolve?.(undefined);
  }

  added(item: Owned, watch = 1): void {
    this.say({ watch, registry: R1, after: this.#seq, seq: ++this.#seq, type: "added", item });
  }

  removed(item: Owned, watch = 1): void {
    const reason = "explicit";
    this.say({
      watch,
      registry: R1,
      after: this.#seq,
      seq: ++this.#seq,
      type: "removed",
      item,
      reason,
    });
  }

  lose(): void {
    this.#seq++;
  }

  say(news: News<Owned>): void {
    this.world.client.news(news);
  }
}

const name = (n: number): NameRecord => named(`x${n}`, A, n);
const tellOf = (event: RegistryEvent): string =>
  event.type === "synced"
    ? "synced"
    : `${event.type === "registered" ? "+" : "-"}${event.entry.name}`;

/** An actor's turn that the test grants. */
function actorHome(world: ClientWorld): {
  home: Parameters<ClientWorld["client"]["view"]>[0];
  run(): void;
  end(): void;
} {
  const posted: (() => void)[] = [];
  const controller = new AbortController();
  return {
    home: world.home({ post: (fn) => posted.push(fn), signal: controller.signal }),
    run: () => posted.splice(0).forEach((fn) => fn()),
    end: () => controller.abort(new Error("the actor ended")),
  };
}

describe("a watch of names", () => {
  it("that missed something opens itself again and tells the difference", async () => {
    const full = new World();
    const told: string[] = [];
    full.world.client.view(full.world.home()).watch({ prefix: "x" }, (e) => told.push(tellOf(e)));
    full.snapshot([name(1)]);
    full.added(name(2));
    full.lose();
    full.added(name(4));
    assert.deepEqual(told, ["+x1", "synced", "+x2"]);
    full.snapshot([name(2), name(3), name(4)]);
    await settle();
    assert.deepEqual(told.slice(3), ["-x1", "+x3", "+x4"]);
    full.removed(name(3));
    assert.deepEqual(told.slice(6), ["-x3"]);
  });

  it("whose snapshot does not come asks again", async () => {
    const full = new World();
    const told: string[] = [];
    full.world.client.view(full.world.home()).watch({}, (e) => told.push(tellOf(e)));
    full.world.take("watch").resolve?.(undefined);
    await settle();
    await full.world.advance(100);
    full.world.take("watch").reject?.(new AskTimeoutError("registry", "watch", 5_000));
    await settle();
    await full.world.advance(100);
    full.snapshot([name(1)]);
    await settle();
    assert.deepEqual(told, ["+x1", "synced"]);
    await full.world.advance(10_000);
    assert.equal(full.world.sent.length, 0);
  });

  it("survives the registry, ends when disposed, and tells the registry so", () => {
    const full = new World();
    const { client } = full.world;
    const told: string[] = [];
    const watch = client.view(full.world.home()).watch({}, (e) => told.push(tellOf(e)));
    full.snapshot([name(1)]);
    client.nodeDown(node("r1"), { kind: "nodedown", node: node("r1") });
    const R2 = actorOf("r2", 1);
    void client.registryIs(R2);
    full.added(name(9));
    const request = full.world.take("watch");
    assert.equal(request.to, R2);
    full.say({ watch: 1, registry: R2, seq: 40, type: "snapshot", items: [name(1), name(2)] });
    assert.deepEqual(told, ["+x1", "synced", "+x2"]);
    watch[Symbol.dispose]();
    watch[Symbol.dispose]();
    assert.deepEqual(full.world.take("unwatch").args, ["n1", 1]);
    assert.equal(client.watches.size, 0);
    full.say({ watch: 1, registry: R2, seq: 41, after: 40, type: "added", item: name(3) });
    assert.deepEqual(full.world.take("unwatch").args, ["n1", 1], "the registry hears it once more");
  });

  it("runs in its actor's turn, and ends with it", () => {
    const full = new World();
    const { home, run, end } = actorHome(full.world);
    const told: string[] = [];
    const view = full.world.client.view(home);
    view.watch({}, (e) => told.push(tellOf(e)));
    full.snapshot([name(1)]);
    assert.deepEqual(told, []);
    run();
    assert.deepEqual(told, ["+x1", "synced"]);
    full.added(name(2));
    end();
    run();
    assert.deepEqual(told.length, 2);
    assert.equal(full.world.client.watches.size, 0);
    view.watch({}, () => assert.fail("too late"));
    assert.equal(full.world.client.watches.size, 0);
  });

  it("ends on its signal", () => {
    const full = new World();
    const controller = new AbortController();
    const told: string[] = [];
    full.world.client.view(full.world.home())
      .watch({}, (e) => told.push(tellOf(e)), { signal: controller.signal });
    full.snapshot();
    controller.abort();
    full.added(name(1));
    assert.deepEqual(told, ["synced"]);
    assert.equal(full.world.client.watches.size, 0);
  });

  it("of an actor that is too slow is ended, and the actor told why, in its turn", () => {
    const full = new World();
    const { home, run } = actorHome(full.world);
    const told: string[] = [];
    const limit = 3;
    full.world.client.view(home).watch({}, (e) => told.push(tellOf(e)), {
      limit,
      onEnd: (error) => told.push(`${error.code} ${error.limit}`),
    });
    // What there was at first does not count.
    full.snapshot([1, 2, 3, 4, 5].map(name));
    run();
    for (let round = 0; round < 3; round++) {
      for (let n = 10; n < 10 + limit; n++) full.added(name(n));
      run();
    }
    assert.equal(told.length, 6 + 9);
    for (let n = 0; n <= limit; n++) full.added(name(20 + n));
    assert.equal(full.world.client.watches.size, 0);
    run();
    assert.deepEqual(told.slice(15), ["watcher_too_slow 3"], "what waited is not told any more");
  });

  it("of an actor that is too slow ends the actor if nobody listens for that", () => {
    const full = new World();
    const { home, run } = actorHome(full.world);
    full.world.client.view(home).watch({}, () => {}, { limit: 1 });
    full.snapshot();
    full.added(name(1));
    full.added(name(2));
    assert.throws(run, { code: "watcher_too_slow", limit: 1 });
  });
});

describe("a loop over changes", () => {
  const loop = async (changes: AsyncIterable<RegistryEvent>, told: string[]): Promise<void> => {
    for await (const event of changes) told.push(tellOf(event));
  };

  it("gets what there is, synced, then the changes, and ends on its signal", async () => {
    const full = new World();
    const controller = new AbortController();
    const told: string[] = [];
    const changes = full.world.client.view(full.world.home()).changes({}, {
      signal: controller.signal,
    });
    assert.equal(full.world.client.watches.size, 0, "nothing is watched before the loop begins");
    const looping = loop(changes, told);
    full.snapshot([name(1)]);
    full.added(name(2));
    await settle();
    assert.deepEqual(told, ["+x1", "synced", "+x2"]);
    full.added(name(3));
    controller.abort();
    await looping;
    assert.equal(full.world.client.watches.size, 0);
    await loop(changes, told);
    assert.ok(told.length <= 4, "a loop on an aborted signal is over at once");
  });

  it("leaves nothing behind when it is left, and may begin again", async () => {
    const full = new World();
    const changes = full.world.client.view(full.world.home()).changes();
    for (let round = 0; round < 2; round++) {
      const looping = (async () => {
        for await (const event of changes) if (event.type === "synced") break;
      })();
      full.snapshot([name(1)]);
      await looping;
      assert.equal(full.world.client.watches.size, 0);
    }
  });

  it("ends with its actor, also while it waits", async () => {
    const full = new World();
    const { home, end } = actorHome(full.world);
    const looping = loop(full.world.client.view(home).changes(), []);
    full.snapshot();
    await settle();
    end();
    await looping;
    assert.equal(full.world.client.watches.size, 0);
  });

  it("that is too slow is thrown at, once, and holds nothing any more", async () => {
    const full = new World();
    const iterator = full.world.client.view(full.world.home()).changes({}, { limit: 2 })
      [Symbol.asyncIterator]();
    const first = iterator.next();
    full.snapshot([1, 2, 3, 4].map(name));
    await first;
    full.added(name(5));
    full.added(name(6));
    assert.equal(full.world.client.watches.size, 1, "the limit is allowed");
    full.added(name(7));
    assert.equal(full.world.client.watches.size, 0);
    await assert.rejects(iterator.next(), { code: "watcher_too_slow", limit: 2 });
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  });
});

describe("waiting for a name", () => {
  it("leaves no watch and no timer behind, whichever way it ends", async () => {
    const full = new World();
    const { client } = full.world;
    const controller = new AbortController();
    const { home, end } = actorHome(full.world);
    const view = client.view(home);
    const found = view.waitFor("x1");
    full.snapshot([name(1)]);
    assert.equal((await found).id, A);
    const late = assert.rejects(view.waitFor("x2", { timeout: 50 }), { code: "timeout" });
    await full.world.advance(50);
    await late;
    const aborted = view.waitFor("x3", { timeout: Infinity, signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(aborted, { code: "aborted", message: /enough/ });
    const orphaned = view.waitFor("x4", { timeout: Infinity });
    end();
    await assert.rejects(orphaned, { code: "aborted", message: /actor ended/ });
    await assert.rejects(view.waitFor("x5"), { code: "aborted" });
    assert.equal(client.watches.size, 0);
  });
});

describe("publishing to a group", () => {
  const members = (...marks: number[]): JoinRecord[] =>
    marks.map((mark) => joined("g", actorOf(`t${mark}`, 1), mark, mark));
  const heard = (world: ClientWorld): string[] =>
    world.sent.splice(0).map(({ to, method, args }) => `${to} ${method} ${args.join()}`);

  it("tells every member straight from here, in order of joining, with the members kept by watching", async () => {
    const full = new World();
    const view = full.world.client.view(full.world.home());
    const first = Promise.all([view.publish("g", "m", 1), view.publish("g", "m", 2)]);
    full.snapshot(members(2, 1));
    assert.deepEqual(await first, [2, 2]);
    assert.deepEqual(heard(full.world), ["t1/1 m 1", "t2/1 m 1", "t1/1 m 2", "t2/1 m 2"]);
    full.added(members(3)[0] as JoinRecord);
    full.removed(members(1)[0] as JoinRecord);
    const now = view.publish("g", "m", 3);
    assert.deepEqual(heard(full.world), ["t2/1 m 3", "t3/1 m 3"], "at once, since they are known");
    assert.equal(await now, 2);
  });

  it("tells a member that joined twice twice", async () => {
    const full = new World();
    const view = full.world.client.view(full.world.home());
    const published = view.publish("g", "m");
    full.snapshot([joined("g", A, 1, 1), joined("g", A, 2, 2)]);
    assert.equal(await published, 2);
    full.removed(joined("g", A, 1, 1));
    assert.equal(await view.publish("g", "m"), 1);
  });

  it("waits for the registry only so long, and goes on with those it knows while there is none", async () => {
    const full = new World();
    const view = full.world.client.view(full.world.home());
    const refused = assert.rejects(view.publish("g", "m"), { code: "timeout" });
    await full.world.advance(5_000);
    await refused;
    full.snapshot(members(1));
    await settle();
    full.world.client.nodeDown(node("r1"), { kind: "nodedown", node: node("r1") });
    assert.equal(await view.publish("g", "m"), 1);
  });

  it("watches a bounded number of groups", async () => {
    const full = new World();
    const view = full.world.client.view(full.world.home());
    for (let i = 0; i < 1_100; i++) {
      const published = view.publish(`g${i}`, "m");
      full.snapshot();
      await published;
      full.world.sent.splice(0);
    }
    assert.equal(full.world.client.watches.size, 1_024);
  });
});
