/** ln 2, as the nearest double. */
const LN2 = 0.6931471805599453;

/**
 * The natural logarithm of `x` > 0, to within 1e-15 relative. `Math.log` may round differently from engine to engine, and a
 * run must not: this uses only operations that IEEE 754 rounds exactly.
 */
export function ln(x: number): number {
  let exponent = 0;
  while (x >= 1.5) {
    x /= 2;
    exponent++;
  }
  while (x < 0.75) {
    x *= 2;
    exponent--;
  }
  // ln x = 2 artanh z, and |z| <= 0.2.
  const z = (x - 1) / (x + 1);
  const square = z * z;
  let sum = 0;
  for (let k = 25; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return 2 * z * sum + exponent * LN2;
}
