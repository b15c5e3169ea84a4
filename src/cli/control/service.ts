import type { ClusterInfo } from "./cluster_info.ts";
import type { Call, Connection, Service } from "./connection.ts";
import { NoMethod } from "./connection.ts";
import type { EventFeed } from "./event_feed.ts";
import type { Params } from "./messages.ts";
import type { Subject } from "./methods.ts";
import { answer } from "./methods.ts";
import { optionalNumber, texts } from "./params.ts";

/** What one cluster lets others do. */
export interface Host extends Subject {
  readonly feed: EventFeed;
  info(): ClusterInfo;
  /** Somebody wants the cluster to end. */
  down(): void;
}

/** The side of a connection that is the cluster's; `connection` is known by the time that something comes over it. */
export function serviceOf(host: Host, connection: () => Connection): Service {
  const subscriptions = new Map<number, Disposable>();

  const subscribe = (params: Params): unknown => {
    // The caller numbers it: events may be there before the answer is read.
    const subscription = optionalNumber(params, "subscription") ?? subscriptions.size + 1;
    const filter = { kinds: texts(params, "kinds"), peers: texts(params, "peers") };
    const past = host.feed.last(optionalNumber(params, "last") ?? 0, filter);
    const reading = host.feed.read(
      filter,
      (event) => connection().stream("event", { subscription, event }),
    );
    subscriptions.get(subscription)?.[Symbol.dispose]();
    subscriptions.set(subscription, reading);
    void connection().closed.then(() => reading[Symbol.dispose]());
    // The view of this very moment: what comes next changes it.
    return { subscription, past, view: host.cluster.view() };
  };

  const own: Readonly<Record<string, (params: Params) => unknown>> = {
    hello: () => host.info(),
    subscribe,
    unsubscribe: (params) => {
      const subscription = optionalNumber(params, "subscription") ?? 0;
      subscriptions.get(subscription)?.[Symbol.dispose]();
      return subscriptions.delete(subscription);
    },
    down: () => host.down(),
  };

  return {
    serve(name: string, params: Params, call: Call): unknown {
      const mine = Object.hasOwn(own, name) ? own[name] : undefined;
      if (mine !== undefined) return mine(params);
      const answered = answer(name, host, params, call);
      if (answered === undefined) throw new NoMethod(name);
      return answered;
    },
  };
}
