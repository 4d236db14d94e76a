/**
 * The address if it is http(s), or a path on the page's own host; else nothing. The server checks the same, but what
 * becomes a link here must be harmless wherever it came from.
 */
export function safeUrl(url: string | null | undefined): string | undefined {
  if (!url) return undefined;
  // A browser reads `/\evil.example` as another host, and drops tabs and line breaks wherever they stand.
  if (/^\/(?![/\\])[^\t\r\n]*$/.test(url)) return url;
  return /^https?:\/\/[^\s]+$/i.test(url) ? url : undefined;
}
