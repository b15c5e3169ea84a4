import type { SystemEvent } from "../../actor/mod.ts";
import type { ShownCluster } from "../control/shown_cluster.ts";

/** Waits for an event that is about to be caused. */
export interface Occurrence extends Disposable {
  /** Whether it came before `ms` were over. */
  within(ms: number): Promise<boolean>;
}

/** Listens from now on for an event that `matches`, of any kind. */
export function occurrence(
  cluster: ShownCluster,
  matches: (event: SystemEvent) => boolean,
): Occurrence {
  let seen: () => void = () => {};
  const came = new Promise<true>((resolve) => seen = () => resolve(true));
  const listening = cluster.on("*", (event) => matches(event) && seen());
  return {
    async within(ms) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), ms));
      try {
        return await Promise.race([came, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  };
}
