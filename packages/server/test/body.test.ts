import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { BelfryError } from '@belfry/protocol';
import * as fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { readBody } from '../src/http/body.ts';
import { BodyBudget } from '../src/http/body-budget.ts';
import { BodyPieces } from '../src/http/body-pieces.ts';
import { readIncoming } from '../src/http/incoming-body.ts';

/** A body that comes when it is told to, and what becomes of reading it: its length, or the code of the error. */
interface HeldBody {
  read(limit: number, budget: BodyBudget): Promise<unknown>;
  send(bytes: number): void;
  end(): void;
  break(): void;
}

function webBody(): HeldBody {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(one) {
      controller = one;
    },
  });
  return {
    async read(limit, budget) {
      const app = new Hono();
      app.post('/', async (c) => c.json((await readBody(c, limit, budget)).length));
      app.onError((error, c) => c.json((error as BelfryError).code, (error as BelfryError).status as 500));
      return (await app.request('/', { method: 'POST', body, duplex: 'half' } as RequestInit)).json();
    },
    send: (bytes) => controller?.enqueue(new Uint8Array(bytes)),
    end: () => controller?.close(),
    break: () => controller?.error(new Error('the client went')),
  };
}

function nodeBody(headers: Record<string, string> = { 'transfer-encoding': 'chunked' }): HeldBody {
  const incoming = new IncomingMessage(new Socket());
  Object.assign(incoming.headers, headers);
  return {
    read: (limit, budget) =>
      readIncoming(incoming, limit, budget).then(
        ({ length }) => length,
        ({ code }: BelfryError) => code,
      ),
    send: (bytes) => void incoming.push(new Uint8Array(bytes)),
    end: () => void incoming.push(null),
    break: () => void incoming.destroy(),
  };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 10));

describe.each([
  ['web streams', webBody],
  ['requests of Node', nodeBody],
])('the bodies of %s that are being read', (_, held) => {
  it('take no more than their share together, and give it back when they end, fail or go', async () => {
    const budget = new BodyBudget(2_500);
    const fill = async () => {
      const bodies = [held(), held(), held()];
      const answers = bodies.map((body) => body.read(1_000, budget));
      for (const [at, { send }] of bodies.entries()) {
        send(at === 2 ? 499 : 1_000);
        await turn();
      }
      return { bodies, answers };
    };
    const first = await fill();
    const late = held();
    late.send(2);
    expect(await late.read(1_000, budget)).toBe('unavailable');
    const small = held();
    small.send(1);
    small.end();
    expect(await small.read(1_000, budget)).toBe(1);

    first.bodies[0]?.send(1);
    first.bodies[1]?.break();
    first.bodies[2]?.end();
    expect(await Promise.all(first.answers)).toEqual(['too_large', 'invalid', 499]);
    const again = await fill();
    for (const { end } of again.bodies) end();
    expect(await Promise.all(again.answers)).toEqual([1_000, 1_000, 499]);
  });
});

describe('a request of Node', () => {
  const budget = new BodyBudget(1_000);

  it('is thrown away from where it was too large, so that its connection goes on', async () => {
    const body = nodeBody();
    const read = body.read(10, budget);
    for (const bytes of [11, 2_000]) body.send(bytes);
    expect(await read).toBe('too_large');
    body.send(5);
    body.end();
    await turn();
    const next = nodeBody();
    next.send(1_000);
    next.end();
    expect(await next.read(1_000, budget)).toBe(1_000);
  });

  it('has no body where its headers tell of none, where it has been read, and an end where its client has gone', async () => {
    expect(await nodeBody({}).read(10, budget)).toBe(0);
    expect(await nodeBody({ 'content-length': '0' }).read(10, budget)).toBe(0);
    const body = nodeBody();
    body.send(3);
    body.end();
    expect(await body.read(10, budget)).toBe(3);
    expect(await body.read(10, budget)).toBe(0);
    const gone = nodeBody();
    gone.break();
    expect(await gone.read(10, budget)).toBe('invalid');
  });
});

describe('the share of all bodies', () => {
  it('says that it is used up as unavailable, with when to come back', () => {
    const full = () => new BodyBudget(1).take(2);
    expect(full).toThrow(BelfryError);
    expect(full).toThrow(expect.objectContaining({ code: 'unavailable', status: 503, retryAfter: 1 }));
  });
});

describe('the pieces of a body', () => {
  it('are put together as they came', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 20 }), (list) => {
        const pieces = new BodyPieces();
        for (const piece of list) pieces.add(piece);
        expect(pieces.whole()).toEqual(Buffer.concat(list));
        expect(pieces.size).toBe(Buffer.concat(list).length);
      }),
    );
  });

  it('are few, also where they come by the byte', () => {
    const pieces = new BodyPieces();
    for (let n = 0; n < 100_000; n += 1) pieces.add(Uint8Array.of(n % 251));
    expect(pieces.count).toBeLessThan(1_000);
    expect(pieces.whole()).toEqual(Buffer.from(Array.from({ length: 100_000 }, (_, n) => n % 251)));
  });
});
