import type { ActorRef, ActorSystem, SpawnOptions, SystemOptions } from "../../src/actor.ts";
import { createSystem, fromModule, moduleUrl } from "../../src/actor.ts";
import type echo from "./fixtures/echo.ts";
import type { EchoProtocol } from "./fixtures/echo.ts";

export type { EchoProtocol };

/** The module of a fixture, as this runtime loads it. */
export function fixture(name: string): URL {
  return moduleUrl(`./fixtures/${name}`, import.meta.url);
}

export const echoModule: typeof echo = fromModule<typeof echo>(fixture("echo.ts"));

/** Starts the echo actor in a thread of its own, unless told otherwise. */
export function spawnEcho(
  system: ActorSystem,
  options: SpawnOptions & { readonly prefix?: string } = {},
): Promise<ActorRef<EchoProtocol>> {
  const { prefix = "", ...rest } = options;
  return system.spawn(echoModule, prefix, { placement: "thread", ...rest });
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
