/** No Connection header: HTTP/2 forbids it. `no-transform` and X-Accel-Buffering keep proxies from holding it back. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Those of a stream: with what its coding says, and with `more`, of which `Vary` is told beside the coding's. */
export function streamHeaders(
  coding: Readonly<Record<string, string>>,
  more: Iterable<[string, string]>,
): Record<string, string> {
  const headers: Record<string, string> = { ...STREAM_HEADERS, ...coding };
  for (const [name, value] of more) {
    if (name === 'vary' && headers.vary !== undefined) headers.vary += `, ${value}`;
    else if (name !== 'content-type') headers[name] = value;
  }
  return headers;
}
