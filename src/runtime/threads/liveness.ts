import type { NodeId } from "../../actor/mod.ts";
import type { LivenessOptions } from "./liveness_options.ts";
import type { BeatHistory } from "./phi.ts";
import { firstHistory, phi, recordInterval, suspectAfter } from "./phi.ts";
import type { Pulse } from "./ground.ts";
import type { PulseWork } from "./pulse.ts";

/** Looks per beat. More make suspicion more punctual: it comes up to two looks late. */
const LOOKS_PER_BEAT = 4;

/** Why a thread is thought to hang. */
export interface Suspicion {
  readonly phi: number;
  /** Milliseconds without a sign of life. */
  readonly silentMs: number;
  readonly current: PulseWork | undefined;
}

/** What {@linkcode Liveness} tells, once per change. */
export interface LivenessEvents {
  unresponsive(node: NodeId, suspicion: Suspicion): void;
  /** A suspected thread gave a sign of life after `silentMs` milliseconds. */
  responsive(node: NodeId, silentMs: number): void;
}

interface Watched {
  readonly pulse: Pulse;
  history: BeatHistory;
  /** At the last look. */
  beats: number;
  beatAt: number;
  begun: number;
  /** When the last sign of life was seen, in time that the watcher was awake. */
  seen: number;
  /** The watcher slept since the last beat: how long the interval is says nothing. */
  blurred: boolean;
  suspicion: Suspicion | undefined;
}

/**
 * Watches threads by what they leave in shared memory. A beat is a sign of life, and so is a message begun: a thread
 * with much work may keep its timers waiting. Time in which the watcher itself did not run does not count, since what
 * stopped it (a long turn, a debugger, a sleeping laptop) most likely stopped the others as well.
 *
 * Knows no timers: somebody calls {@linkcode look} every {@linkcode lookMs}.
 */
export class Liveness {
  readonly lookMs: number;
  readonly #options: Required<LivenessOptions>;
  readonly #events: LivenessEvents;
  readonly #watched = new Map<NodeId, Watched>();
  /** Milliseconds in which the watcher was awake. */
  #awake = 0;
  #lookedAt: number | undefined;

  constructor(options: Required<LivenessOptions>, events: LivenessEvents) {
    this.#options = options;
    this.#events = events;
    this.lookMs = options.intervalMs / LOOKS_PER_BEAT;
  }

  add(node: NodeId, pulse: Pulse): void {
    this.#watched.set(node, {
      pulse,
      history: firstHistory(this.#options.intervalMs),
      beats: 0,
      beatAt: 0,
      begun: 0,
      seen: this.#awake,
      blurred: false,
      suspicion: undefined,
    });
  }

  remove(node: NodeId): void {
    this.#watched.delete(node);
  }

  /** Why `node` is suspected; undefined while it is not. */
  suspicion(node: NodeId): Suspicion | undefined {
    return this.#watched.get(node)?.suspicion;
  }

  /** How `node` looked at the last look. Phi is 0 before its first beat. */
  state(node: NodeId): { readonly phi: number; readonly silentMs: number } {
    const watched = this.#watched.get(node);
    if (watched === undefined || watched.beats === 0) return { phi: 0, silentMs: 0 };
    const silentMs = this.#awake - watched.seen;
    return { phi: this.#phi(watched, silentMs), silentMs };
  }

  /** @param now milliseconds on a monotonic clock */
  look(now: number): void {
    const passed = now - (this.#lookedAt ?? now);
    this.#lookedAt = now;
    const slept = passed > 2 * this.lookMs;
    this.#awake += slept ? this.lookMs : passed;
    for (const [node, watched] of this.#watched) {
      watched.blurred ||= slept;
      this.#lookAt(node, watched);
    }
  }

  #lookAt(node: NodeId, watched: Watched): void {
    const { beats, begun } = watched.pulse;
    const silentMs = this.#awake - watched.seen;
    if (beats !== watched.beats || begun !== watched.begun) {
      if (beats !== watched.beats) this.#beaten(watched, beats);
      watched.begun = begun;
      watched.seen = this.#awake;
      if (watched.suspicion === undefined) return;
      watched.suspicion = undefined;
      return this.#events.responsive(node, silentMs);
    }
    if (beats === 0 || watched.suspicion !== undefined) return;
    if (silentMs <= this.#options.acceptablePauseMs) return;
    const sure = this.#phi(watched, silentMs);
    if (sure < this.#options.threshold) return;
    watched.suspicion = { phi: sure, silentMs, current: watched.pulse.current };
    this.#events.unresponsive(node, watched.suspicion);
  }

  #beaten(watched: Watched, beats: number): void {
    const { beatAt } = watched.pulse;
    // Between two times of the thread's own clock: as exact as if the watcher had been there.
    const interval = (beatAt - watched.beatAt) / (beats - watched.beats);
    // One that messages bridged would make the next real silence look usual.
    const usual = interval < suspectAfter(watched.history, this.#options);
    if (watched.beats > 0 && usual && !watched.blurred && watched.suspicion === undefined) {
      watched.history = recordInterval(watched.history, interval);
    }
    watched.beats = beats;
    watched.beatAt = beatAt;
    watched.blurred = false;
  }

  #phi(watched: Watched, silentMs: number): number {
    return phi(watched.history, silentMs, this.#options.acceptablePauseMs);
  }
}
