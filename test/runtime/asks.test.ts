import assert from "node:assert/strict";
import { test } from "node:test";
import { releaseProxy } from "comlink";
import type { ActorError, ActorRef, SystemEvent } from "../../src/actor.ts";
import { NoProcError } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import { NotToday } from "./fixtures/echo.ts";
import type { EchoProtocol } from "./support.ts";
import { spawnEcho, withSystem } from "./support.ts";

/** Two seconds: any test that needs it has found an ask that does not settle at once. */
const AT_ONCE = 2_000;

function within<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} did not settle within ${AT_ONCE} ms`)),
      AT_ONCE,
    );
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

async function rejection(what: string, work: Promise<unknown>): Promise<ActorError> {
  return await within(
    what,
    work.then((value) => assert.fail(`it gave ${value}`), (error) => error),
  );
}

/** Ways to end a target while an ask waits for it. */
const ENDINGS: Record<
  string,
  (ref: ActorRef<EchoProtocol>, system: Awaited<ReturnType<typeof withSystem>>) => void
> = {
  "is killed": (ref, system) => void system.kill(ref),
  "has its thread terminated": (ref, system) => void system.terminate(ref.node),
  "exits its thread with code 0": (ref) => ref.tell.exit(0),
  "throws where no call can be blamed": (ref) => ref.tell.uncaught(),
  "crashes in a tell": (ref) => ref.tell.boom("in a tell"),
};

for (const [how, end] of Object.entries(ENDINGS)) {
  test(`an ask under way is rejected at once when its target ${how}`, async (t) => {
    const system = await withSystem(t);
    const target = await spawnEcho(system);
    const asked = target.ask.overlap(60_000);
    await target.ask.say("it has begun");
    end(target, system);
    const error = await rejection(how, asked);
    assert.equal(error.code, "noproc");
    const next = await rejection("the next ask", target.ask.say("anyone?"));
    assert.equal(next.code, "noproc");
    assert.equal((await within("down", system.down(target))).ref, target);
  });
}

test("an actor that is gone refuses asks with noproc, and says that nothing was delivered", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  await system.stop(target);
  const error = await rejection("ask", target.ask.say("hello"));
  assert.ok(error instanceof NoProcError);
  assert.equal(error.delivered, "no");
});

test("a buffer that was to be moved to a dead actor is still whole at the sender", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  await system.kill(target);
  const bytes = new ArrayBuffer(64);
  const error = await rejection("ask", target.with({ transfer: [bytes] }).ask.size(bytes));
  assert.equal(error.code, "noproc");
  assert.equal(bytes.byteLength, 64);
});

test("an ask times out alone: the target goes on, and its late reply is one event and no answer", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const late: SystemEvent[] = [];
  system.on("ask.late_reply", (event) => late.push(event));
  const error = await rejection("ask", target.with({ timeout: 20 }).ask.later("slow", 120));
  assert.equal(error.code, "timeout");
  assert.match(error.message, /"later" within 20 ms/);
  assert.equal(await target.ask.say("still here"), "still here");
  await eventually("the late reply's event", () => late.length === 1);
  assert.equal(late[0]?.data["method"], "later");
});

test("a signal that is aborted before, while queued or while running rejects the ask at once", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const before = await rejection(
    "before",
    target.with({ signal: AbortSignal.abort() }).ask.say("x"),
  );
  assert.deepEqual([before.code, before.delivered], ["aborted", "no"]);

  const running = new AbortController();
  const asked = target.with({ signal: running.signal }).ask.aborted();
  await target.ask.say("it runs");
  running.abort(new Error("enough"));
  assert.equal((await rejection("running", asked)).code, "aborted");
  assert.equal(await within("the callee's signal", target.ask.whenAborted()), "aborted");

  const queued = new AbortController();
  const busy = target.ask.later("busy", 50);
  const waiting = target.with({ signal: queued.signal }).ask.hold(["must not be heard"]);
  queued.abort();
  assert.equal((await rejection("queued", waiting)).code, "aborted");
  await busy;
  assert.deepEqual(await target.ask.heard(), []);
});

test("a request that waited past its caller's deadline is skipped", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const busy = target.ask.later("busy", 100);
  const late = rejection("late", target.with({ timeout: 20 }).ask.hold(["too late"]));
  assert.equal((await late).code, "timeout");
  await busy;
  assert.deepEqual(await target.ask.heard(), []);
});

test("asking oneself is refused at once", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const error = await rejection("askSelf", target.ask.askSelf());
  assert.equal(error.code, "calling_self");
});

test("A asks B asks A is found at once, not by a timeout", async (t) => {
  const system = await withSystem(t);
  const [a, b] = await Promise.all([spawnEcho(system), spawnEcho(system)]);
  const error = await rejection("pingPong", a.ask.pingPong(b, a));
  assert.equal(error.code, "deadlock");
  assert.match(error.message, /asks/);
});

test("a method that throws answers its caller with the error and ends its actor with it", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const ended = system.down(target);
  const error = await rejection("boom", target.ask.boom("too far"));
  assert.ok(error instanceof RangeError, `${error}`);
  assert.equal(error.message, "too far");
  const { reason } = await ended;
  assert.equal(reason.kind, "error");
});

test("a refusal answers its caller with its class and fields, and the actor lives on", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const error = await rejection("refuse", target.ask.refuse("Monday"));
  assert.ok(error instanceof NotToday, `${error}`);
  assert.deepEqual([error.code, error.until], ["not_today", "Monday"]);
  assert.equal(await target.ask.say("here"), "here");
});

test("what does not cross a thread is refused where it sits, in arguments and in answers", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const loose = target.ask as unknown as { hold(value: unknown): Promise<void> };
  const error = await rejection("argument", loose.hold([{ deep: () => 1 }]));
  assert.equal(error.code, "not_cloneable");
  assert.match(error.message, /args\[0\]\[0\]\.deep is a function/);
  const answer = await rejection("answer", target.ask.closure());
  assert.equal(answer.code, "not_cloneable");
  const strange = await rejection("strange", loose.hold([new WeakRef({})]));
  assert.equal(strange.code, "not_cloneable");
  assert.equal(await target.ask.say("fine"), "fine");
});

test("a buffer travels by being moved, there and back", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const bytes = new ArrayBuffer(1 << 20);
  new Uint8Array(bytes)[7] = 42;
  const back = await target.with({ transfer: [bytes] }).ask.size(bytes);
  assert.equal(bytes.byteLength, 0);
  assert.equal(back.size, 1 << 20);
  assert.equal(new Uint8Array(back.bytes)[7], 42);
});

test("what is sent is as it was when it was sent, whatever its sender does next", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const lines = ["first"];
  target.tell.hold(lines);
  lines.push("too late");
  target.tell.hold(lines);
  assert.deepEqual(await target.ask.heard(), ["first", "first", "too late"]);
  const bytes = new ArrayBuffer(8);
  const asked = target.with({ transfer: [bytes] }).ask.size(bytes);
  assert.equal(bytes.byteLength, 0, "a buffer that was given away is gone at once");
  await asked;
});

test("messages of one sender are handled one at a time and in order, tells and asks alike", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const expected: string[] = [];
  for (let i = 0; i < 500; i++) {
    expected.push(`${i}`);
    if (i % 3 === 0) void target.ask.hold([`${i}`]);
    else target.tell.hold([`${i}`]);
  }
  assert.deepEqual(await target.ask.heard(), expected);
});

test("methods declared interleaving overlap while they wait, others do not", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const seen = await Promise.all([1, 2, 3].map(() => target.ask.overlap(30)));
  assert.deepEqual(seen, [3, 3, 3]);
});

test("refs may sit anywhere in a message and work where they arrive, without the main thread", async (t) => {
  const system = await withSystem(t);
  const [a, b] = await Promise.all([
    spawnEcho(system, { prefix: "a:" }),
    spawnEcho(system, { prefix: "b:", name: "b" }),
  ]);
  assert.equal(await a.ask.askOther(b, "hello"), "b:hello");
  assert.equal(await a.ask.askByName("b", "hello"), "b:hello");
});

test("meta travels with a request", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  assert.deepEqual(await target.with({ meta: { trace: "7" } }).ask.meta(), { trace: "7" });
});

test("a comlink proxy of an actor calls methods and reaches nothing else", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system, { prefix: "hi " });
  const remote = target.remote();
  assert.equal(await remote.say("comlink"), "hi comlink");
  const Evil =
    (remote.say as unknown as { constructor: new (code: string) => unknown }).constructor;
  await assert.rejects(async () => await new Evil("return process"), TypeError);
  await assert.rejects(
    async () => await (remote.say as unknown as { x: Promise<unknown> }).x,
    TypeError,
  );
  const released = target.remote();
  const waiting = rejection("after a release", released.never());
  released[releaseProxy]();
  assert.equal((await waiting).code, "aborted");
  const dead = rejection("after a kill", remote.never());
  await system.kill(target);
  assert.equal((await dead).code, "noproc");
});
