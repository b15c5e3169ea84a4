import type { Section } from "./section.ts";
export const tracker: Section = { name: "tracker", title: "", run: () => Promise.resolve({ rows: [] }) };
