import { chmodSync, rmSync } from "node:fs";
import type { Server } from "node:net";
import { createServer } from "node:net";
import { codeOf, UsageError } from "../errors.ts";
import { Connection } from "./connection.ts";
import { probe } from "./probe.ts";
import type { Host } from "./service.ts";
import { serviceOf } from "./service.ts";

/** A socket at which a cluster is looked at and broken from other terminals. */
export interface ControlServer extends AsyncDisposable {
  readonly path: string;
}

/**
 * Listens at `path`, for its owner alone. A socket that a killed process left there is taken over.
 *
 * @throws UsageError if a living cluster has it
 */
export async function listen(path: string, host: Host): Promise<ControlServer> {
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    const connection: Connection = new Connection(socket, serviceOf(host, () => connection));
    connections.add(connection);
    void connection.closed.then(() => connections.delete(connection));
  });
  try {
    await bound(server, path);
  } catch (error) {
    if (codeOf(error) !== "EADDRINUSE") throw error;
    if (await probe(path) !== "stale") {
      throw new UsageError(`A cluster listens at ${path} already`, {
        cause: error,
        hint: "Choose another --name, or stop it: troupe down.",
      });
    }
    rmSync(path, { force: true });
    await bound(server, path);
  }
  chmodSync(path, 0o600);
  // The cluster's threads keep the process alive; who might look at them does not.
  server.unref();
  return {
    path,
    async [Symbol.asyncDispose]() {
      const over = new Promise<void>((resolve) => server.close(() => resolve()));
      // Before those who wait for the end learn of it: they may look whether it is still there.
      rmSync(path, { force: true });
      await Promise.all([...connections].map((connection) => connection.close()));
      await over;
    },
  };
}

function bound(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
