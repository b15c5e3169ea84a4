import * as z from "zod";
import { DURATION, DURATION_SPAN, SIZE_SPAN } from "./quantities.ts";
import { SHAPES } from "./shapes.ts";

const ms = z.number().nonnegative();
const duration = z.union([ms, z.string().regex(DURATION)]).meta({
  description: "a duration: 200ms, 1.5s, 2m; a number is ms",
});
const span = z.union([ms, z.string().regex(DURATION_SPAN)]).meta({
  description: "a duration or a range of them: 200ms, 300ms..600ms",
});
const sizes = z.union([z.int().nonnegative(), z.string().regex(SIZE_SPAN)]).meta({
  description: "bytes or a range of them: 512B, 64KiB, 64KiB..1MiB",
});
const every = z.string().regex(new RegExp(`^every ${DURATION_SPAN.source.slice(1)}`));
const at = z.union([ms, z.string().regex(DURATION_SPAN), every]).meta({
  description:
    "a time from the start of the run: 2s, 1s..3s; or again and again: every 700ms..1300ms",
});
const part = z.number().min(0).max(1).meta({ description: "a part, 0 to 1" });
const whole = z.int().nonnegative();
const peers = z.union([z.string(), z.number()]);
const who = z.union([z.string(), z.number(), z.array(peers)]).meta({
  description:
    "one, minority, majority, minority-third, tracker, candidate, follower, followers, rest, all, crashed, @event.peer, or peers",
});
const event = z.strictObject({
  event: z.string().meta({ description: "a kind of docs/events.md; win stands for election.win" }),
  nth: whole.optional().meta({ description: "the how manieth, from 1; 0: each. Default 1" }),
  where: z.record(z.string(), z.unknown()).optional().meta({
    description: "fields of the event's data",
  }),
  after: span.optional().meta({ description: "how long after it" }),
});

/** When something happens, and to whom. */
const planned = {
  id: z.string().optional().meta({ description: "a name for it; f1, f2... unless told" }),
  at: at.optional(),
  when: event.optional(),
  from: duration.optional().meta({ description: "of `at: every`: not before" }),
  until: duration.optional().meta({ description: "of `at: every`: not after" }),
  who: who.optional(),
};
const lasting = {
  for: span.optional().meta({ description: "how long it lasts; else to the end of the run" }),
};

const details = {
  crash: {
    how: z.enum(["terminate", "throw", "hang", "exit", "memory"]).optional(),
    hold: z.boolean().optional().meta({ description: "stays down until it is restarted" }),
    stay: z.boolean().optional().meta({
      description: "stays down for good: not even the end of the run starts it again",
    }),
    ...lasting,
  },
  restart: {},
  wipe: {},
  pause: { ...lasting },
  slow: { by: duration.meta({ description: "how much longer everything takes" }), ...lasting },
  partition: {
    shape: z.enum([...SHAPES, "cuts"]).optional(),
    groups: z.array(who).optional().meta({ description: "who still reaches whom" }),
    "one-way": z.boolean().optional().meta({
      description: "only from earlier groups to later ones",
    }),
    cuts: z.array(z.tuple([z.string(), z.array(z.string())])).optional().meta({
      description: "who does not reach whom: [from, [to, ...]]",
    }),
    ...lasting,
  },
  link: {
    to: who.optional().meta({ description: "default: all" }),
    both: z.boolean().optional().meta({ description: "in both directions" }),
    delay: duration.optional(),
    jitter: duration.optional(),
    loss: part.optional(),
    duplicate: part.optional(),
    reorder: part.optional(),
    block: z.boolean().optional(),
    hold: z.boolean().optional().meta({
      description: "what is sent waits until the end of the fault",
    }),
    ...lasting,
  },
  disk: {
    fault: z.enum(["slow", "fail", "full", "stall", "torn"]),
    by: duration.optional().meta({
      description: "of a slow disk: how much longer every operation takes",
    }),
    ...lasting,
  },
  clock: {
    rate: z.number().positive().optional().meta({ description: "1.02 is 2 % fast" }),
    jump: duration.optional().meta({ description: "ahead, once" }),
    skew: duration.optional().meta({ description: "of the time of day" }),
    ...lasting,
  },
  resign: {},
  campaign: {},
  "add-voter": {},
  "remove-voter": {},
  registry: { ...lasting },
  timers: { how: z.enum(["align", "spread"]).optional() },
};

/** What a nemesis draws from: the same without a time. */
const { id: _id, at: _at, when: _when, from: _from, until: _until, ...whom } = planned;
const mix = z.discriminatedUnion(
  "do",
  variants((verb, own) =>
    z.strictObject({
      do: z.literal(verb),
      weight: z.number().positive().optional(),
      ...whom,
      ...own,
    })
  ),
);

const faults = z.discriminatedUnion("do", [
  ...variants((verb, own) => timed(z.strictObject({ do: z.literal(verb), ...planned, ...own }))),
  timed(z.strictObject({ do: z.literal("nemesis"), ...planned, mix: z.array(mix).min(1) })),
  timed(z.strictObject({
    do: z.literal("undo"),
    ...planned,
    faults: z.union([z.string(), z.array(z.string())]).optional().meta({
      description: "ids; all that lasts unless told",
    }),
  })),
]);

function variants<T>(
  make: (verb: string, own: Readonly<Record<string, z.ZodType>>) => T,
): [T, ...T[]] {
  return Object.entries(details).map(([verb, own]) => make(verb, own)) as [T, ...T[]];
}

/** Exactly one of `at` and `when`. */
function timed<T extends z.ZodType>(schema: T): T {
  return schema.check((context) => {
    const { at: time, when } = context.value as { readonly at?: unknown; readonly when?: unknown };
    if ((time === undefined) !== (when === undefined)) return;
    const message = time === undefined
      ? 'expected "at" (a time) or "when" (an event)'
      : 'has both "at" and "when": expected one of them';
    context.issues.push({ code: "custom", message, input: context.value, path: [] });
  });
}

const file = z.string().optional();
const work = z.discriminatedUnion("do", [
  timed(z.strictObject({
    do: z.literal("download"),
    ...planned,
    file,
    files: whole.optional().meta({ description: "how many, drawn of those that others have" }),
  })),
  timed(z.strictObject({ do: z.literal("search"), ...planned, query: z.string().optional() })),
  timed(z.strictObject({ do: z.literal("refresh"), ...planned })),
  timed(z.strictObject({ do: z.literal("add-file"), ...planned, file, size: sizes.optional() })),
  timed(z.strictObject({ do: z.literal("remove-file"), ...planned, file })),
]);

const cluster = z.strictObject({
  peers: z.int().min(1).max(100).optional(),
  profile: z.enum(["default", "fast", "turbo", "seed", "crowd"]).optional(),
  timers: z.strictObject({ heartbeat: duration.optional(), timeout: span.optional() }).optional(),
  protocol: z.enum(["troupe", "seed-literal"]).optional(),
  voters: z.int().min(1).optional(),
  quorum: z.int().min(1).optional(),
  unsafe: z.boolean().optional(),
  "down-detector": z.boolean().optional(),
  restart: z.boolean().optional().meta({
    description: "whether peers that crash are started again",
  }),
  files: z.strictObject({
    "per-peer": whole,
    size: sizes,
    holders: z.int().min(1).optional(),
  }).optional(),
  latency: span.optional().meta({ description: "of messages, in simulation" }),
  mutant: z.string().optional().meta({
    description: "a peer with a bug planted in it, in simulation",
  }),
});

/** A scenario as files write it. */
export const scenarioFile: z.ZodType = z.strictObject({
  scenario: z.string().min(1).meta({ description: "its name" }),
  teaches: z.string().optional().meta({ description: "what it teaches, one sentence" }),
  cluster: cluster.optional(),
  faults: z.array(faults).optional(),
  work: z.array(work).optional(),
  until: duration.optional().meta({ description: "no fault begins after it. Default 10s" }),
  quiet: duration.optional().meta({
    description: "how long all may take to be well again. Default 5s",
  }),
  expect: z.strictObject({
    always: z.array(z.string()).optional().meta({ description: "checks that hold throughout" }),
    eventually: z.record(z.string(), duration).optional().meta({
      description: "checks that hold so long after the last fault",
    }),
    stats: z.record(z.string(), z.string()).optional().meta({
      description: 'thresholds: { failover.all.p99: "< 500ms" }',
    }),
  }).optional(),
  fails: z.string().optional().meta({
    description: "a check that fails in some run: the scenario is there to show it",
  }),
  runs: z.strictObject({
    seeds: z.union([z.int().nonnegative(), z.string().regex(/^\d+(\.\.\d+)?$/)]).optional(),
    mode: z.enum(["sim", "live"]).optional(),
  }).optional(),
});

/** The JSON Schema of scenario files, as editors read it. */
export function jsonSchema(): object {
  return z.toJSONSchema(scenarioFile, { io: "input", reused: "ref" });
}
