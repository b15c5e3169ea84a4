import type {
  ActorRef,
  ActorSystem,
  SpawnOptions,
  SystemEvent,
  SystemOptions,
} from "../../src/actor.ts";
import { createSystem, fromModule, moduleUrl } from "../../src/actor.ts";
import type echo from "./fixtures/echo.ts";
import type { EchoProtocol } from "./fixtures/echo.ts";
import type hog from "./fixtures/hog.ts";
import type { HogProtocol } from "./fixtures/hog.ts";

export type { EchoProtocol, HogProtocol };

/** The module of a fixture, as this runtime loads it. */
export function fixture(name: string): URL {
  return moduleUrl(`./fixtures/${name}`, import.meta.url);
}

export const echoModule: typeof echo = fromModule<typeof echo>(fixture("echo.ts"));

export const hogModule: typeof hog = fromModule<typeof hog>(fixture("hog.ts"));

/** Starts the echo actor in a thread of its own, unless told otherwise. */
export function spawnEcho(
  system: ActorSystem,
  options: SpawnOptions & { readonly prefix?: string } = {},
): Promise<ActorRef<EchoProtocol>> {
  const { prefix = "", ...rest } = options;
  return system.spawn(echoModule, prefix, { placement: "thread", ...rest });
}

/** Starts an actor that hangs when it is told to, in a thread of its own unless told otherwise. */
export function spawnHog(
  system: ActorSystem,
  options: SpawnOptions = {},
): Promise<ActorRef<HogProtocol>> {
  return system.spawn(hogModule, {}, { placement: "thread", ...options });
}

/** Settles with the first event of `kind` from now on that `fits`. */
export function nextEvent(
  system: ActorSystem,
  kind: string,
  fits: (event: SystemEvent) => boolean = () => true,
): Promise<SystemEvent> {
  return new Promise((resolve) => {
    const listening = system.on(kind, (event) => {
      if (!fits(event)) return;
      listening[Symbol.dispose]();
      resolve(event);
    });
  });
}

/** A system that ends with the test. */
export async function withSystem(
  t: { after(fn: () => Promise<void>): void },
  options?: SystemOptions,
): Promise<ActorSystem> {
  const system = await createSystem(options);
  t.after(() => system.shutdown());
  return system;
}
