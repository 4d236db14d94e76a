const HOST = 'host: bench.local';

export function getStream(path: string, headers: readonly string[] = []): string {
  return [`GET ${path} HTTP/1.1`, HOST, 'accept: text/event-stream', ...headers, '', ''].join('\r\n');
}

/** `body` is ASCII. */
export function postJson(path: string, body: string, headers: readonly string[] = []): string {
  const length = `content-length: ${body.length}`;
  return [`POST ${path} HTTP/1.1`, HOST, 'content-type: application/json', length, ...headers, '', body].join('\r\n');
}

export function getJson(path: string, headers: readonly string[] = []): string {
  return [`GET ${path} HTTP/1.1`, HOST, ...headers, '', ''].join('\r\n');
}
