import { MessageChannel } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { ActorRef, ActorSystem } from "../src/actor.ts";
import { createSystem, fromModule, moduleUrl } from "../src/actor.ts";
import type driverActor from "./fixtures/driver.ts";
import type echoActor from "./fixtures/echo.ts";
import type { EchoProtocol, Past } from "./fixtures/echo.ts";
import type { Load, Way } from "./messages/driver.ts";
import { Driver } from "./messages/driver.ts";
import { compare, rounds } from "./rounds.ts";
import type { Row, Section } from "./section.ts";

const ROUNDS = 7;
/** Milliseconds that one way is measured in one round. */
const SLICE = 100;

/** Milliseconds that each way is warmed up. */
const WARM_UP = 400;

/** `Driver.run`, here or in another thread. */
type Run = (way: Way, load: Load, ms: number) => Promise<number>;

/** Asks and tells over a link, against the bare port and against comlink as it comes, between the very same threads. */
export const messages: Section = {
  name: "messages",
  title: "asks and tells over a link",
  async run() {
    await using system = await createSystem();
    const rows: Row[] = [];
    for (
      const [link, open] of [["main to thread", fromMain], [
        "thread to thread",
        fromThread,
      ]] as const
    ) {
      rows.push(...await measure(link, await open(system)));
    }
    return {
      rows,
      notes: [
        "Both sides of a comparison run between the same two threads. Raw round trip: one number, no promise. Raw RPC: id, method and",
        "arguments posted by hand, a Map of promises. Comlink: 4.4.2 as it comes. Tells: bursts of 100 in one turn. Bare link: what travels",
        "for an ask, one comlink call and its answer, and nobody at its ends: no ask over comlink can be faster than that.",
        "Above some 30 k/s raw the two threads take turns on one core (`taskset -c 0` makes sure of it); below, each message wakes a",
        "sleeping core, which sleeps the deeper the longer it had to wait. Compare runs of the same kind only.",
      ],
    };
  },
};

async function measure(link: string, run: Run): Promise<Row[]> {
  const rows: Row[] = [];
  // So few requests fit into a slice one at a time that the first rounds would measure code which is not compiled yet.
  for (const way of ["actor", "raw", "comlink"] as const) {
    await run(way, { kind: "many", inFlight: 100 }, WARM_UP);
  }
  const one = await contest(run, ["actor", "link", "comlink", "raw"], { kind: "one" });
  rows.push({
    name: `${link}: one ask at a time`,
    unit: "/s",
    ...compare(one, "actor", "raw", "raw round trip"),
    aim: ">= 0.9",
  });
  rows.push({ name: "", unit: "/s", ...compare(one, "actor", "comlink", "comlink") });
  rows.push({ name: "", unit: "/s", ...compare(one, "actor", "link", "bare link") });
  for (const [way, name] of [["link", "the bare link"], ["comlink", "comlink"]] as const) {
    rows.push({
      name: `  limit: ${name} itself`,
      unit: "/s",
      ...compare(one, way, "raw", "raw round trip"),
    });
  }
  for (const inFlight of [100, 1_000]) {
    const many = await contest(run, ["actor", "raw", "comlink"], { kind: "many", inFlight });
    rows.push({
      name: `${link}: ${inFlight} asks in flight`,
      unit: "/s",
      ...compare(many, "actor", "comlink", "comlink"),
      ...(inFlight === 1_000 && { aim: ">= 4" }),
    });
    rows.push({ name: "", unit: "/s", ...compare(many, "actor", "raw", "raw RPC") });
  }
  const tells = await contest(run, ["actor", "raw"], { kind: "tells" });
  rows.push({
    name: `${link}: tells`,
    unit: "/s",
    ...compare(tells, "actor", "raw", "one raw post each"),
    aim: ">= 2",
  });
  return rows;
}

function contest(
  run: Run,
  ways: readonly Way[],
  load: Load,
): Promise<Readonly<Record<Way, readonly number[]>>> {
  const contestants = Object.fromEntries(
    ways.map((way) => [way, () => run(way, load, SLICE)]),
  ) as Record<Way, () => Promise<number>>;
  return rounds(ROUNDS, contestants, 2);
}

async function fromMain(system: ActorSystem): Promise<Run> {
  const target = await spawnEcho(system);
  const driver = new Driver(target, serve(target));
  return (way, load, ms) => driver.run(way, load, ms);
}

/** The main thread takes no part: the driver is an actor in a thread, as the sharing peers are. */
async function fromThread(system: ActorSystem): Promise<Run> {
  const target = await spawnEcho(system);
  const ports = serve(target);
  const module = fromModule<typeof driverActor>(moduleUrl("./fixtures/driver.ts", import.meta.url));
  const driver = await system.spawn(module, undefined, { placement: "thread" });
  await driver.with({ transfer: moved(...Object.values(ports)) }).ask.aim(target, wire(ports));
  const patient = driver.with({ timeout: Infinity });
  return (way, load, ms) => patient.ask.run(way, load, ms);
}

function spawnEcho(system: ActorSystem): Promise<ActorRef<EchoProtocol>> {
  const module = fromModule<typeof echoActor>(moduleUrl("./fixtures/echo.ts", import.meta.url));
  return system.spawn(module, undefined, { placement: "thread" });
}

/** Ports past the runtime into `target`'s thread. */
function serve(target: ActorRef<EchoProtocol>): Readonly<Record<Past, MessagePort>> {
  const open = (how: Past): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    target.with({ transfer: moved(port2) }).tell.serve(wire(port2), how);
    // The bench ends although its ports are open.
    port1.unref();
    return port1;
  };
  return { raw: open("raw"), comlink: open("comlink"), link: open("link") };
}

/** Ports are moved as buffers are; the types promise only buffers. */
function moved(...ports: MessagePort[]): ArrayBuffer[] {
  return ports as unknown as ArrayBuffer[];
}

/** Ports in a message, whose type says that functions do not cross. */
function wire(ports: unknown): never {
  return ports as never;
}
