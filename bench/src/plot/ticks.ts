const STEPS = [1, 2, 5, 10];

/** Round numbers from 0 to beyond the most, at most six of them. */
export function linearTicks(most: number): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  const count = Math.ceil(most / step);
  return Array.from({ length: count + 1 }, (_, index) => rounded(index * step));
}

/** Powers of ten around both. */
export function logTicks(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(least));
  const last = Math.max(first + 1, Math.ceil(Math.log10(most)));
  return Array.from({ length: last - first + 1 }, (_, index) => rounded(10 ** (first + index)));
}

/** Short, as `1.5 M`. */
export function tickText(value: number): string {
  if (value >= 1_000_000) return `${rounded(value / 1_000_000)} M`;
  if (value >= 1_000) return value.toLocaleString('en');
  return String(value);
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
