const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Making one takes longer than everything else that an item needs to be shown.
const relative = new Map<string, Intl.RelativeTimeFormat>();
const absolute = new Map<string, Intl.DateTimeFormat>();

/** "now", "5 min. ago", "2 hr. ago", and the time of day for what is not of today. A clock that is ahead says "now". */
export function timeOf(iso: string, now: number, today: number, locale: string): string {
  const time = Date.parse(iso);
  const age = now - time;
  if (time < today) return clockTime(time, locale);
  if (age < MINUTE) return ago(0, 'second', locale);
  return age < HOUR ? ago(age / MINUTE, 'minute', locale) : ago(age / HOUR, 'hour', locale);
}

/** "Today", "Yesterday", "Tuesday", "12 March", "12 March 2024". */
export function dayName(day: number, today: number, locale: string): string {
  // Days are of 23 to 25 hours.
  const days = Math.round((today - day) / DAY);
  if (days <= 1)
    return capitalized(relativeFormat(locale, { numeric: 'auto' }).format(-Math.max(0, days), 'day'), locale);
  if (days < 7) return capitalized(format(day, locale, { weekday: 'long' }), locale);
  const isThisYear = new Date(day).getFullYear() === new Date(today).getFullYear();
  return format(day, locale, { day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' }) });
}

export function clockTime(time: number, locale: string): string {
  return format(time, locale, { timeStyle: 'short' });
}

/** In full, for those who point at a time. */
export function fullTime(iso: string, locale: string): string {
  return format(Date.parse(iso), locale, { dateStyle: 'full', timeStyle: 'short' });
}

function ago(value: number, unit: Intl.RelativeTimeFormatUnit, locale: string): string {
  const numeric = value === 0 ? 'auto' : 'always';
  return relativeFormat(locale, { numeric, style: 'narrow' }).format(-Math.floor(value), unit);
}

function relativeFormat(locale: string, options: Intl.RelativeTimeFormatOptions): Intl.RelativeTimeFormat {
  const key = locale + JSON.stringify(options);
  const found = relative.get(key) ?? new Intl.RelativeTimeFormat(locale, options);
  relative.set(key, found);
  return found;
}

function format(time: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = locale + JSON.stringify(options);
  const found = absolute.get(key) ?? new Intl.DateTimeFormat(locale, options);
  absolute.set(key, found);
  return found.format(time);
}

function capitalized(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
