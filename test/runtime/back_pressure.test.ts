import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { describe, it } from "node:test";
import type { ActorRef, ActorSystem, MailboxOptions, SystemEvent } from "../../src/actor.ts";
import { ActorError, fromModule } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import type {
  flooder as flooderActor,
  FloodProtocol,
  gate as gateActor,
  GateProtocol,
  sink as sinkActor,
  SinkProtocol,
} from "./fixtures/sink.ts";
import { fixture, withSystem } from "./support.ts";

/** Small messages that one thread may have on the way to one actor, and waiting there. */
const WINDOW = 4_096;
/** As many may wait at the sender. */
const HELD = 131_072;

const gate = fromModule<typeof gateActor>(fixture("sink.ts"), "gate");
const sink = fromModule<typeof sinkActor>(fixture("sink.ts"), "sink");
const flooder = fromModule<typeof flooderActor>(fixture("sink.ts"), "flooder");

/** A sink that takes nothing yet, in one thread, and a flooder in another. */
class Dam {
  readonly system: ActorSystem;
  readonly gate: ActorRef<GateProtocol>;
  readonly sink: ActorRef<SinkProtocol>;
  readonly flooder: ActorRef<FloodProtocol>;

  private constructor(
    system: ActorSystem,
    gate: ActorRef<GateProtocol>,
    sink: ActorRef<SinkProtocol>,
    flooder: ActorRef<FloodProtocol>,
  ) {
    this.system = system;
    this.gate = gate;
    this.sink = sink;
    this.flooder = flooder.with({ timeout: Infinity });
  }

  static async shut(t: TestContext, mailbox: MailboxOptions = {}): Promise<Dam> {
    const system = await withSystem(t);
    const [gateRef, sinkRef, flooderRef] = await Promise.all([
      system.spawn(gate, undefined),
      system.spawn(sink, undefined, { placement: "thread", mailbox }),
      system.spawn(flooder, undefined, { placement: "thread" }),
    ]);
    sinkRef.tell.shut(gateRef);
    return new Dam(system, gateRef, sinkRef, flooderRef);
  }

  /** Messages that wait in the sink's mailbox. */
  async waiting(): Promise<number> {
    const { nodes } = await this.system.inspect();
    const infos = nodes.flatMap(({ actors }) => actors);
    return infos.find(({ id }) => id === this.sink.id)?.mailbox.size ?? 0;
  }

  /** Messages that wait at the flooder's thread. */
  async held(): Promise<number> {
    const { nodes } = await this.system.inspect();
    return nodes.find(({ node }) => node === this.flooder.node)?.held ?? 0;
  }

  /** Numbers that the sink took once it was let. */
  async drain(count: number): Promise<number[]> {
    this.gate.tell.open();
    const all: number[] = [];
    await eventually(`${count} to arrive`, async () => {
      all.push(...await this.sink.with({ timeout: Infinity }).ask.taken());
      return all.length >= count;
    });
    return all;
  }
}

function count(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

async function failure(work: Promise<unknown>): Promise<ActorError> {
  const error = await work.then((value) => assert.fail(`it gave ${value}`), (error) => error);
  assert.ok(error instanceof ActorError, String(error));
  return error;
}

describe("back-pressure between threads", () => {
  it("keeps what a busy actor cannot take at its sender, and delivers it in order", async (t) => {
    const dam = await Dam.shut(t);
    await dam.flooder.ask.flood(dam.sink, 50_000);
    assert.ok(await dam.waiting() <= WINDOW, `${await dam.waiting()} wait at the receiver`);
    assert.ok(await dam.held() >= 50_000 - WINDOW, `${await dam.held()} wait at the sender`);
    assert.deepEqual(await dam.drain(50_000), count(50_000));
    assert.equal(await dam.held(), 0);
  });

  it("counts what does not even find room at its sender as dead letters", async (t) => {
    const dam = await Dam.shut(t);
    const lost: SystemEvent[] = [];
    dam.system.on("deadletter", (event) => void lost.push(event));
    const sent = HELD + WINDOW + 10_000;
    await dam.flooder.ask.flood(dam.sink, sent);
    const arrived = await dam.drain(HELD);
    const dropped = (): number =>
      lost.filter(({ data }) => data["why"] === "overrun")
        .reduce((sum, { data }) => sum + ((data["count"] as number | undefined) ?? 1), 0);
    await eventually("all to be accounted for", async () => {
      arrived.push(...await dam.sink.ask.taken());
      return arrived.length + dropped() === sent;
    });
    assert.ok(dropped() > 0);
    assert.deepEqual(arrived, arrived.toSorted((a, b) => a - b));
  });

  it("lets a sender that waits until there is room send all, and holds nothing of it", async (t) => {
    const dam = await Dam.shut(t);
    const poured = dam.flooder.ask.pour(dam.sink, 20_000);
    await eventually("the sender to wait", async () => await dam.waiting() > 0);
    assert.ok(await dam.held() <= 1);
    dam.gate.tell.open();
    await poured;
    assert.deepEqual(await dam.drain(20_000), count(20_000));
  });

  it("fills a mailbox that makes its senders wait up to its capacity, and loses nothing", async (t) => {
    const dam = await Dam.shut(t, { capacity: 1_000, overflow: "wait" });
    await dam.flooder.ask.flood(dam.sink, 5_000);
    assert.ok(await dam.waiting() <= 1_000);
    assert.deepEqual(await dam.drain(5_000), count(5_000));
  });

  it("says of an ask that waited in vain for room that it was not delivered", async (t) => {
    const dam = await Dam.shut(t);
    for (let n = 0; n < 2 * WINDOW; n++) dam.sink.tell.take(n);
    const asks = Array.from(
      { length: 100 },
      () => failure(dam.sink.with({ timeout: 50 }).ask.taken()),
    );
    for (const { code, delivered } of await Promise.all(asks)) {
      assert.deepEqual([code, delivered], ["timeout", "no"]);
    }
    assert.deepEqual(await dam.drain(2 * WINDOW), count(2 * WINDOW));
  });

  it("settles all that waits when the target ends: asks, waits for room, and tells as dead letters", async (t) => {
    const dam = await Dam.shut(t);
    const lost: SystemEvent[] = [];
    dam.system.on("deadletter", (event) => void lost.push(event));
    for (let n = 0; n < WINDOW + 100; n++) dam.sink.tell.take(n);
    const asked = failure(dam.sink.ask.taken());
    const ready = failure(dam.sink.ready());
    await dam.system.kill(dam.sink);
    for (const error of [await asked, await ready]) {
      assert.deepEqual([error.code, error.delivered], ["noproc", "no"]);
    }
    await eventually("the dead letters", () => lost.length >= 100);
    assert.equal((await failure(dam.sink.ready())).code, "noproc");
  });

  it("delivers what a sender left behind before the news of its end", async (t) => {
    const dam = await Dam.shut(t);
    const down = dam.system.down(dam.flooder);
    dam.flooder.tell.floodAndCrash(dam.sink, 20_000);
    assert.equal((await down).reason.kind, "error");
    assert.deepEqual(await dam.drain(20_000), count(20_000));
  });

  it("lets two actors flood each other without waiting for ever", async (t) => {
    const system = await withSystem(t);
    const spawn = () => system.spawn(flooder, undefined, { placement: "thread" });
    const [a, b] = await Promise.all([spawn(), spawn()]);
    await Promise.all([a.ask.volley(b, 30_000), b.ask.volley(a, 30_000)]);
    await eventually("all balls", async () => {
      const [atA, atB] = await Promise.all([a.ask.balls(), b.ask.balls()]);
      return atA === 60_000 && atB === 60_000;
    });
  });

  it("asks a waiting sender to give up when its signal does", async (t) => {
    const dam = await Dam.shut(t);
    for (let n = 0; n < WINDOW; n++) dam.sink.tell.take(n);
    const controller = new AbortController();
    const ready = failure(dam.sink.with({ signal: controller.signal }).ready());
    controller.abort(new Error("enough"));
    assert.equal((await ready).code, "aborted");
    dam.gate.tell.open();
    await dam.sink.ready();
  });
});
