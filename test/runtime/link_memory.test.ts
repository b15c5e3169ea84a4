import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import type { MessagePort } from "node:worker_threads";
import { MessageChannel } from "node:worker_threads";
import { Link } from "../../src/runtime/threads/link.ts";
import { collect } from "../soak/thread_state.ts";
import { eventually } from "../support/eventually.ts";

describe("a link's end", () => {
  for (const who of ["this side", "the other side"] as const) {
    it(`gives back everything that the link held, when ${who} closes it`, async () => {
      const link = await endedLink(who === "this side");
      await eventually("the link to be gone", () => {
        collect();
        return link.deref() === undefined;
      });
    });
  }
});

/** In a function of its own, whose variables nobody holds afterwards. */
async function endedLink(here: boolean): Promise<WeakRef<Link>> {
  const { port1, port2 } = new MessageChannel();
  const closed = [port1, port2].map((port) => once(port, "close"));
  const [one, two] = [open(port1), open(port2)];
  (here ? one : two).close();
  await Promise.all(closed);
  return new WeakRef(one);
}

function open(port: MessagePort): Link {
  return new Link(port, {
    received: () => assert.fail("nothing was sent"),
    closed: () => {},
    undeliverable: (_, error) => assert.fail(error),
    refused: (message) => assert.fail(String(message)),
    dropped: () => assert.fail("nothing was sent"),
  });
}
