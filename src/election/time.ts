/** Before every instant, in ms. A safe integer, unlike -Infinity, survives JSON and arithmetic. */
export const NEVER: number = Number.MIN_SAFE_INTEGER;

/** After every instant, in ms. */
export const FOREVER: number = Number.MAX_SAFE_INTEGER;
