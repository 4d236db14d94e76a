import type { PageConfig } from '../wire.ts';

/** The page's Content-Security-Policy: everything from here, and connections to the supervisor's own doors. */
export function pagePolicy({ people, control }: Omit<PageConfig, 'byHandSource'>): string {
  const doors = [control.url, ...people.flatMap(({ url, byHandUrl }) => [url, byHandUrl])].filter((url) => url !== '');
  return [
    "default-src 'self'",
    `connect-src 'self' ${doors.join(' ')}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
