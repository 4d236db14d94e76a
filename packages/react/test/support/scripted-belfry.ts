import { type Belfry, createBelfry, type Notification } from '@belfry/client';

/** A client whose server is played here: what was asked for, and what the stream says. */
export interface ScriptedBelfry {
  client: Belfry;
  fetch: typeof globalThis.fetch;
  /** Every request, as `GET /v1/stream`. */
  requests: string[];
  /** Bodies of the requests that had one. */
  bodies: unknown[];
  /** Says hello, with these items in the inbox, and is live. */
  connect: (items?: readonly Notification[], more?: Partial<{ unread: number; nextCursor: string | null }>) => void;
  /** Something new, live. */
  notify: (item: Notification) => void;
  /** The connection breaks. */
  cut: () => void;
  /** How the next calls that are no stream are answered; 204 by default. */
  answer: (request: string) => Response;
}

export function scriptedBelfry(): ScriptedBelfry {
  let stream: ReadableStreamDefaultController<Uint8Array> | null = null;
  let n = 100;
  const say = (text: string) => stream?.enqueue(new TextEncoder().encode(text));
  const frame = (event: string | null, data: unknown, id: string) =>
    say(`${event === null ? '' : `event: ${event}\n`}id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  const cursor = () => cursorOf(n);
  const scripted: ScriptedBelfry = {
    requests: [],
    bodies: [],
    answer: () => new Response(null, { status: 204 }),
    fetch: async (input, init) => {
      const { pathname, search } = new URL(String(input), 'http://belfry.test');
      const request = `${init?.method ?? 'GET'} ${pathname}${search}`;
      scripted.requests.push(request);
      if (typeof init?.body === 'string') scripted.bodies.push(JSON.parse(init.body));
      if (pathname === '/v1/stream') return opened(init?.signal, (controller) => (stream = controller));
      return /^\/v1\/runs\/[^/]+\/stream/.test(pathname) ? opened(init?.signal) : scripted.answer(request);
    },
    client: null as unknown as Belfry,
    connect: (items = [], { unread, nextCursor = null } = {}) => {
      const isUnread = ({ readAt, archivedAt }: Notification) => readAt === null && archivedAt === null;
      const counts = { unread: unread ?? items.filter(isUnread).length, unseen: 0 };
      frame(
        'connected',
        {
          connection: 'c',
          tenant: 'default',
          user: '1',
          readOnly: false,
          channels: ['user:1'],
          access: 'a',
          resumed: false,
          reason: 'new',
          heartbeatMs: 25_000,
          serverTime: new Date().toISOString(),
        },
        cursor(),
      );
      frame('state', { notifications: { items, ...counts, nextCursor }, questions: [], runs: [] }, cursor());
      frame('live', {}, cursor());
    },
    notify: (item) => {
      n += 1;
      frame(
        null,
        {
          type: 'notification.created',
          channel: 'user:1',
          time: item.createdAt,
          data: { notification: { ...item, cursor: cursor() } },
        },
        cursor(),
      );
    },
    cut: () => stream?.error(new Error('cut')),
  };
  scripted.client = createBelfry({
    url: 'http://belfry.test',
    token: 'x',
    fetch: scripted.fetch,
    environment: { onWake: () => () => {}, isOnline: () => true },
  });
  return scripted;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** A stream that is open until the client hangs up. */
function opened(signal: AbortSignal | null | undefined, take: (controller: Controller) => void = () => {}): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      take(controller);
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

function cursorOf(n: number): string {
  return `k3x9ab-${n}-aaaa`;
}

let made = 0;

/** A notification; each call makes one that is older than the one before. */
export function sample(given: Partial<Notification> = {}): Notification {
  made += 1;
  const createdAt = new Date(Date.now() - made * 60_000).toISOString();
  return {
    id: `n${made}`,
    type: 'comment',
    title: `Notification ${made}`,
    body: null,
    actionUrl: null,
    actions: [],
    actor: null,
    icon: null,
    severity: 'info',
    data: null,
    subject: null,
    channel: 'user:1',
    createdAt,
    updatedAt: createdAt,
    expiresAt: null,
    cursor: cursorOf(Math.max(1, 99 - made)),
    seenAt: null,
    readAt: null,
    archivedAt: null,
    ...given,
  };
}
