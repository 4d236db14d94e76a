/** What these modes mean to the Postgres driver, which else warns of their name in lines of its own. */
export function withStrictModes(url: string): string {
  if (url.includes('uselibpqcompat=')) return url;
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=[&#]|$)/, '$1verify-full');
}
