import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock, SystemEvent } from "../../src/actor.ts";
import { EventOutbox } from "../../src/runtime/threads/event_outbox.ts";

function event(kind: string, data: Readonly<Record<string, unknown>> = {}): SystemEvent {
  return {
    kind,
    at: 1,
    node: "t1" as SystemEvent["node"],
    actor: undefined,
    name: undefined,
    data,
  };
}

/** A clock whose one timer goes off by hand. */
function handClock(): { clock: Clock; ring(): void } {
  let due: (() => void) | undefined;
  const clock: Clock = {
    now: () => 0,
    wall: () => 0,
    setTimeout(fn) {
      due = fn;
      return { [Symbol.dispose]: () => (due = undefined) };
    },
  };
  return { clock, ring: () => due?.() };
}

test("events wait for one another and travel in their order", () => {
  const sent: string[][] = [];
  const { clock, ring } = handClock();
  const outbox = new EventOutbox(clock, (events) => void sent.push(events.map(({ kind }) => kind)));
  outbox.add(event("a"));
  outbox.add(event("b"));
  assert.deepEqual(sent, []);
  ring();
  assert.deepEqual(sent, [["a", "b"]]);
  outbox.add(event("c"));
  outbox.flush();
  ring();
  assert.deepEqual(sent, [["a", "b"], ["c"]]);
});

test("an event whose data does not cross is told without it, and spoils no other", () => {
  const sent: SystemEvent[] = [];
  const { clock, ring } = handClock();
  const outbox = new EventOutbox(clock, (events) => {
    if (events.some(({ data }) => typeof data["bad"] === "function")) throw new TypeError("no");
    sent.push(...events);
  });
  outbox.add(event("a", { fine: 1 }));
  outbox.add(event("b", { bad: () => {} }));
  outbox.add(event("c", { fine: 2 }));
  ring();
  assert.deepEqual(
    sent.map(({ kind, data }) => [kind, data]),
    [["a", { fine: 1 }], ["b", {}], ["c", { fine: 2 }]],
  );
});
