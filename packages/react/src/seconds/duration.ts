const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In its two largest units, as "4 min 12 sec", in the words of the language. */
export function durationOf(ms: number, locale: string, unitDisplay: 'short' | 'long' = 'short'): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const largest = Math.max(
    0,
    UNITS.findIndex(([, size]) => seconds >= size),
  );
  const from = seconds === 0 ? UNITS.length - 1 : largest;
  let left = seconds;
  const parts = UNITS.slice(from, from + 2).map(([unit, size]) => {
    const value = Math.floor(left / size);
    left -= value * size;
    return value === 0 && seconds > 0
      ? ''
      : new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(value);
  });
  return parts.filter((part) => part !== '').join(' ');
}
