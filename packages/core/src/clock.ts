/** Milliseconds since 1970. A port, so that tests can turn it. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

let last = { second: Number.NaN, text: '' };

/** To write the date and the time of day costs ten times as much as to look up what was written in the same second. */
export function isoTime(ms: number): string {
  const whole = Math.trunc(ms);
  const second = Math.floor(whole / 1_000);
  if (second !== last.second) last = { second, text: new Date(second * 1_000).toISOString().slice(0, -'000Z'.length) };
  return `${last.text}${String(whole - second * 1_000).padStart(3, '0')}Z`;
}
