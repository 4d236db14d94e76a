import { UsageError } from './terminal.ts';

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds in `90s`, `15m`, `2h` or `7d`. */
export function durationSeconds(text: string, option: string): number {
  const match = /^([1-9]\d{0,5})([smhd])$/.exec(text);
  if (match === null) throw new UsageError(`${option} must be a time such as 90s, 15m, 2h or 7d; it is "${text}".`);
  return Number(match[1]) * (UNITS[match[2] as string] as number);
}
