import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { NameQuery } from "../../src/actor/mod.ts";
import { KILLED } from "../../src/actor/mod.ts";
import type { Change, NameRecord, News } from "../../src/registry/mod.ts";
import { NameTable } from "../../src/registry/mod.ts";
import { Feed } from "../../src/registry/feed.ts";
import { Subscription } from "../../src/registry/subscription.ts";
import { actorOf, named, node } from "./support.ts";

const QUERY: NameQuery = { prefix: "a" };
const here = node("n1");

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("claim" as const),
      name: fc.constantFrom("a1", "a2", "a3", "b"),
      owner: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("release" as const),
      owner: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("deliver" as const),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("lose" as const), at: fc.nat(2) }) },
  fc.record({ do: fc.constant("double" as const), at: fc.nat(5) }),
  /** The registry dies; its last words may come after the first of its successor. */
  fc.record({ do: fc.constant("restart" as const), lateWords: fc.boolean() }),
);

/** A registry's feed and one subscription, with a link between them that the test can spoil. */
class World {
  table = new NameTable();
  registry = actorOf("r", 1);
  readonly link: News<NameRecord>[] = [];
  readonly subscription = new Subscription<NameRecord>();
  readonly told = new Map<string, NameRecord>();
  feed!: Feed;
  #incarnation = 0;
  gaps = 0;

  constructor() {
    this.restart(false);
  }

  restart(lateWords: boolean): void {
    const last = this.link.splice(0);
    this.registry = actorOf("r", ++this.#incarnation);
    const survivors = this.table.list();
    this.table = new NameTable();
    this.feed = new Feed(this.registry, (_to, news) => this.link.push(news as News<NameRecord>));
    for (const record of survivors) this.feed.publish(this.table.restore(record));
    this.subscribe();
    if (lateWords) this.link.push(...last);
  }

  subscribe(): void {
    this.subscription.expect(this.registry);
    this.feed.follow(here, 1, { kind: "names", query: QUERY }, this.table.list(QUERY));
  }

  deliver(): void {
    const news = this.link.shift();
    if (news === undefined) return;
    const taken = this.subscription.take(news);
    if (taken.kind === "gap") {
      this.gaps++;
      this.subscribe();
    } else if (taken.kind === "changes") this.#apply(taken.changes);
  }

  #apply(changes: readonly Change<NameRecord>[]): void {
    for (const { type, item } of changes) {
      if (type === "removed") assert.equal(this.told.get(item.name)?.mark, item.mark);
      else assert.equal(this.told.has(item.name), false, "never two owners at a time");
      if (type === "added") this.told.set(item.name, item);
      else this.told.delete(item.name);
    }
  }
}

describe("a watch", () => {
  it("ends up with the truth, whatever is lost, doubled or late", () => {
    let gaps = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const world = new World();
        steps.forEach((now, mark) => {
          switch (now.do) {
            case "claim":
              world.feed.publish(world.table.claim(named(now.name, actorOf("t", now.owner), mark)));
              break;
            case "release":
              world.feed.publish(world.table.release(actorOf("t", now.owner), KILLED));
              break;
            case "deliver":
              for (let i = 0; i < now.count; i++) world.deliver();
              break;
            case "lose": {
              // A snapshot that got lost is asked for again after the answer; here it never is.
              const at = world.link.findIndex((news, i) => i >= now.at && news.type !== "snapshot");
              if (at >= 0) world.link.splice(at, 1);
              break;
            }
            case "double": {
              const news = world.link[now.at];
              if (news !== undefined) world.link.splice(now.at, 0, news);
              break;
            }
            case "restart":
              world.restart(now.lateWords);
          }
        });
        // One more change shows what the last loss hid.
        world.feed.publish(world.table.claim(named("a-last", actorOf("t", 9), steps.length)));
        for (let i = 0; i < 1_000 && world.link.length > 0; i++) world.deliver();
        gaps += world.gaps;
        const marks = (records: Iterable<NameRecord>): string[] =>
          [...records].map(({ name, mark }) => `${name} ${mark}`).sort();
        assert.deepEqual(marks(world.told.values()), marks(world.table.list(QUERY)));
        assert.deepEqual(marks(world.subscription.items), marks(world.table.list(QUERY)));
      }),
      { numRuns: 1_000 },
    );
    assert.ok(gaps > 100, `the links were spoilt often enough to tell: ${gaps}`);
  });

  it("is numbered by one sequence per registry, and chained per watch", () => {
    const news: News<NameRecord>[] = [];
    const feed = new Feed(actorOf("r", 1), (_to, one) => news.push(one as News<NameRecord>));
    const table = new NameTable();
    feed.follow(here, 1, { kind: "names", query: {} }, []);
    feed.follow(here, 2, { kind: "names", query: { prefix: "b" } }, []);
    feed.follow(here, 3, { kind: "names", query: { meta: { role: "x" } } }, []);
    feed.publish(table.claim(named("a", actorOf("t", 1), 1)));
    feed.publish(table.claim(named("b", actorOf("t", 1), 2, { meta: { role: "x" } })));
    feed.publish(table.release(actorOf("t", 1), KILLED));
    const seen = (watch: number): unknown[] =>
      news.filter((one) => one.watch === watch).map((one) =>
        one.type === "snapshot" ? one.seq : [one.after, one.seq, one.type, one.item.name]
      );
    assert.deepEqual(seen(1), [0, [0, 1, "added", "a"], [1, 2, "added", "b"], [
      2,
      3,
      "removed",
      "a",
    ], [3, 4, "removed", "b"]]);
    const some = [0, [0, 2, "added", "b"], [2, 4, "removed", "b"]];
    assert.deepEqual(seen(2), some);
    assert.deepEqual(seen(3), some);
    feed.leaveNode(here);
    assert.equal(feed.size, 0);
  });
});
