import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { nextTick } from "node:process";
import { describe, it } from "node:test";
import type { MessagePort } from "node:worker_threads";
import { MessageChannel } from "node:worker_threads";
import type { ActorId } from "../../src/actor.ts";
import type { Envelope, ReplyEnvelope, TellEnvelope } from "../../src/actor/envelope.ts";
import { Link } from "../../src/runtime/threads/link.ts";
import { Packer } from "../../src/runtime/threads/packing.ts";

/** What one end of a link was told, in order. */
class End {
  readonly log: unknown[] = [];
  /** What it does with what it receives, in that very turn. */
  onReceived: (link: Link) => void = () => {};
  link!: Link;
  #woken: () => void = () => {};

  /** Settles when `count` things were told. */
  async has(count: number): Promise<unknown[]> {
    while (this.log.length < count) await new Promise<void>((resolve) => (this.#woken = resolve));
    return this.log;
  }

  note(entry: unknown): void {
    this.log.push(entry);
    this.#woken();
  }
}

function pair(): [End, End] {
  const { port1, port2 } = new MessageChannel();
  return [openEnd(port1), openEnd(port2)];
}

function openEnd(port: MessagePort): End {
  const end = new End();
  end.link = new Link(port, {
    received(batch) {
      for (const envelope of batch) end.note(contentOf(envelope));
      end.onReceived(end.link);
    },
    closed: () => end.note("closed"),
    undeliverable: (envelope) => end.note(["undeliverable", (envelope as ReplyEnvelope).id]),
    refused: (message) => end.note(["refused", String(message)]),
    dropped: () => end.note("dropped"),
  });
  return end;
}

function contentOf(envelope: Envelope): unknown {
  return envelope.kind === "reply" ? envelope.value : (envelope as { args: unknown[] }).args[0];
}

function tell(content: unknown): TellEnvelope {
  const to = "t1/1" as ActorId;
  return {
    kind: "tell",
    to,
    method: "note",
    args: [content],
    coded: false,
    cost: 1,
    meta: undefined,
  };
}

function reply(id: number, value: unknown): ReplyEnvelope {
  return { kind: "reply", id, value, coded: false, failed: false };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

function closeBoth(...ends: readonly End[]): void {
  for (const { link } of ends) link.close();
}

describe("a link", () => {
  it("keeps the order of what goes as answers and what goes as calls", async () => {
    const [here, there] = pair();
    const asks = 30;
    let sent = 0;
    const send = (link: Link): void => {
      link.send(reply(sent, sent++), []);
    };
    there.onReceived = (link) => {
      // The first answers the call that has just come; what comes later in this turn cannot wait for that.
      send(link);
      queueMicrotask(() => nextTick(() => nextTick(() => (send(link), link.flush()))));
      setImmediate(() => send(link));
    };
    for (let n = 0; n < asks; n++) {
      here.link.send(tell(n), []);
      if (n % 3 === 0) here.link.flush();
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(await there.has(asks), numbers(asks));
    assert.deepEqual(await here.has(3 * asks), numbers(3 * asks));
    closeBoth(here, there);
  });

  it("keeps the order of batches that come in one turn with the end, though only the first is an answer", async () => {
    const port = Object.assign(new EventEmitter(), { postMessage: () => {}, close: () => {} });
    const here = openEnd(port as unknown as MessagePort);
    here.link.send(tell("go"), []);
    here.link.flush();
    const alone = new Packer();
    for (const n of numbers(3)) {
      alone.add(reply(n, n));
      port.emit("message", alone.take());
    }
    port.emit("close");
    assert.deepEqual(await here.has(4), [...numbers(3), "closed"]);
  });

  it("sends an answer that is under way before it closes", async () => {
    const [here, there] = pair();
    there.onReceived = (link) => {
      link.send(reply(1, "last words"), []);
      // Behind the link's own end of the turn, and before comlink posts the answer.
      queueMicrotask(() => nextTick(() => link.close()));
    };
    here.link.send(tell("go"), []);
    assert.deepEqual(await here.has(2), ["last words", "closed"]);
    closeBoth(here);
  });

  it("tells what of an answer does not cross, and sends the rest", async () => {
    const [here, there] = pair();
    there.onReceived = (link) => {
      link.send(reply(1, "before"), []);
      link.send(reply(2, () => {}), []);
      link.send(reply(3, "after"), []);
    };
    here.link.send(tell("go"), []);
    assert.deepEqual(await here.has(2), ["before", "after"]);
    assert.deepEqual(there.log, ["go", ["undeliverable", 2]]);
    closeBoth(here, there);
  });

  it("moves buffers in answers, too", async () => {
    const [here, there] = pair();
    const buffer = new ArrayBuffer(8);
    there.onReceived = (link) => link.send(reply(1, buffer), [buffer]);
    here.link.send(tell("go"), []);
    const [value] = await here.has(1);
    assert.equal((value as ArrayBuffer).byteLength, 8);
    assert.equal(buffer.byteLength, 0);
    closeBoth(here, there);
  });

  it("refuses what is no batch", async () => {
    const { port1, port2 } = new MessageChannel();
    const refused = new Promise((resolve) => {
      new Link(port1, {
        received: () => assert.fail("nothing was sent"),
        closed: () => {},
        undeliverable: (_, error) => assert.fail(error),
        refused: resolve,
        dropped: () => assert.fail("nothing was sent"),
      });
    });
    const message = { id: "1", type: "APPLY", path: ["constructor"], argumentList: [] };
    port2.postMessage(message);
    assert.deepEqual(await refused, message);
    port2.close();
  });
});
