import type { ActorNode } from "../../actor/node.ts";
import type { Registry } from "../../actor/mod.ts";
import type { World } from "./world.ts";

/** Lets `world` run while somebody who is no actor waits for an answer to what was asked through `node`. */
export function outsideThatWaits(node: ActorNode, world: World): void {
  const { outside } = node;
  const { ask, resolve } = outside;
  Object.assign(outside, {
    ask: ((to, method, args, options, spent) =>
      world.wait(
        `the answer to "${method}" of ${to}`,
        ask.call(outside, to, method, args, options, spent),
      )) satisfies typeof ask,
    resolve: ((name, stale, patience) =>
      world.wait(
        `the search for "${name}"`,
        resolve.call(outside, name, stale, patience),
      )) satisfies typeof resolve,
  });
}

/** `registry`, for which the world runs while somebody outside waits. */
export function registryThatWaits(registry: Registry, world: World): Registry {
  const wait = <T>(what: string, work: Promise<T>): Promise<T> =>
    world.wait(`the registry's "${what}"`, work);
  return {
    register: (...args) => wait("register", registry.register(...args)),
    unregister: (...args) => wait("unregister", registry.unregister(...args)),
    raise: (...args) => wait("raise", registry.raise(...args)),
    whereis: (name) => wait("whereis", registry.whereis(name)),
    lookup: (name) => wait("lookup", registry.lookup(name)),
    list: (...args) => wait("list", registry.list(...args)),
    waitFor: (...args) => wait("waitFor", registry.waitFor(...args) as Promise<never>),
    watch: (...args) => registry.watch(...args),
    changes: (...args) => changesThatWait(registry.changes(...args), world),
    via: (name) => registry.via(name),
    expect: (...args) => wait("expect", registry.expect(...args)),
    join: (...args) => wait("join", registry.join(...args)),
    members: (group) => wait("members", registry.members(group)),
    publish: (...args) => wait("publish", registry.publish(...args)),
  };
}

function changesThatWait<T>(changes: AsyncIterable<T>, world: World): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = changes[Symbol.asyncIterator]();
      return {
        next: () => world.wait("the next change of names", iterator.next(), true),
        return: (value) =>
          iterator.return?.(value) ?? Promise.resolve({ done: true, value: undefined }),
      };
    },
  };
}
