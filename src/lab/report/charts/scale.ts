/** From values to places, linear. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

/** A scale from 0 to at least `max`, with round ticks, onto `from` to `to`. */
export function scaleFromZero(max: number, from: number, to: number): Scale {
  const step = roundStep(max);
  const end = Math.max(step, Math.ceil(max / step) * step);
  const place = (value: number): number => from + (value / end) * (to - from);
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step);
  return Object.assign(place, { ticks });
}

/** 1, 2 or 5 times a power of ten, so that about five of them reach `max`. */
function roundStep(max: number): number {
  if (!(max > 0)) return 1;
  const rough = max / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
}

/** A place in a picture, short: a tenth of a pixel is enough. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
