/** More are not shown one by one. */
export const MOST = 99;

/** A number as a badge shows it: above 99 it is "99+". */
export function capped(count: number, locale: string): string {
  const shown = new Intl.NumberFormat(locale).format(Math.min(count, MOST));
  return count > MOST ? `${shown}+` : shown;
}
