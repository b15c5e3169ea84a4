import type { Section } from "./section.ts";
export const transfer: Section = { name: "transfer", title: "", run: () => Promise.resolve({ rows: [] }) };
