import type { AnyRef } from "./ref.ts";

/** What an actor answers to: an object of methods. */
// deno-lint-ignore no-explicit-any
export type Protocol = { [method: string]: (...args: any[]) => unknown };

/** What structured clone knows by itself. */
type Native =
  | Date
  | RegExp
  | Error
  | ArrayBuffer
  | SharedArrayBuffer
  | ArrayBufferView;

/** What has no parts, branded or not. */
type Plain = string | number | bigint | boolean | null | undefined;

/** A value as it crosses a thread. Functions, symbols, promises, signals and weak collections do not, and become `never`. */
export type Wire<T> = T extends AnyRef | Native | Plain ? T
  : T extends Map<infer K, infer V> ? Map<Wire<K>, Wire<V>>
  : T extends Set<infer V> ? Set<Wire<V>>
  : T extends (...args: never[]) => unknown ? never
  : T extends symbol | WeakMap<object, unknown> | WeakSet<object> | Promise<unknown> | AbortSignal
    ? never
  : T extends object ? { [K in keyof T]: Wire<T[K]> }
  : T;

type WireArgs<A extends readonly unknown[]> = { [I in keyof A]: Wire<A[I]> };

/** The methods of `P` as questions: each gives a promise of the answer. */
export type Ask<P extends Protocol> = {
  readonly [M in keyof P]: (
    ...args: WireArgs<Parameters<P[M]>>
  ) => Promise<Awaited<ReturnType<P[M]>>>;
};

/** The methods of `P` as messages that nobody answers. */
export type Tell<P extends Protocol> = {
  readonly [M in keyof P]: (...args: WireArgs<Parameters<P[M]>>) => void;
};
