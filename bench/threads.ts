import type { Section } from "./section.ts";
export const threads: Section = { name: "threads", title: "", run: () => Promise.resolve({ rows: [] }) };
