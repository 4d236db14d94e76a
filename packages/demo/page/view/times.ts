const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const whole = new Intl.NumberFormat('en');

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

export function ago(at: number, now: number = Date.now()): string {
  const age = now - at;
  if (age < 5_000) return 'just now';
  const [unit, length] = UNITS.find(([, ms]) => age >= ms) ?? UNITS[3];
  return relative.format(-Math.floor(age / length), unit);
}

export function clockTime(at: number): string {
  return clock.format(at);
}

export function milliseconds(ms: number): string {
  return `${whole.format(Math.max(1, Math.round(ms)))}\u00a0ms`;
}
