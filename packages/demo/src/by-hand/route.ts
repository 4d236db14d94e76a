import type { ServerResponse } from 'node:http';

const readers = new Map<string, Set<ServerResponse>>();

/** GET /by-hand/stream?user=ada. The page opens it with `new EventSource(…)`, which reconnects by itself. */
export function stream(user: string, res: ServerResponse): void {
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  res.write(': hello\n\n');

  const open = readers.get(user) ?? new Set();
  readers.set(user, open.add(res));

  const heartbeat = setInterval(() => res.write(': still here\n\n'), 25_000);
  res.on('close', () => {
    clearInterval(heartbeat);
    open.delete(res);
  });
}

/** What the application calls when something happened. */
export function send(to: string, message: object): void {
  const block = `data: ${JSON.stringify(message)}\n\n`;
  for (const [user, open] of readers) {
    if (to !== 'all' && to !== user) continue;
    for (const res of open) res.write(block);
  }
}
