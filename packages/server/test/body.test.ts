import { BelfryError } from '@belfry/protocol';
import * as fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { readBody } from '../src/http/body.ts';
import { BodyBudget } from '../src/http/body-budget.ts';
import { BodyPieces } from '../src/http/body-pieces.ts';

/** A body that comes when it is told to. */
function heldBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(one) {
      controller = one;
    },
  });
  return {
    stream,
    send: (bytes: number) => controller?.enqueue(new Uint8Array(bytes)),
    end: () => controller?.close(),
    break: () => controller?.error(new Error('the client went')),
  };
}

function reading(limit: number, budget: BodyBudget) {
  const app = new Hono();
  app.post('/', async (c) => c.json((await readBody(c, limit, budget)).length));
  app.onError((error, c) => c.json((error as BelfryError).code, (error as BelfryError).status as 500));
  return async (body: ReadableStream<Uint8Array>) =>
    (await app.request('/', { method: 'POST', body, duplex: 'half' } as RequestInit)).json();
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 10));

describe('the bodies that are being read', () => {
  it('take no more than their share together, and give it back when they end, fail or go', async () => {
    const post = reading(1_000, new BodyBudget(2_500));
    const fill = async () => {
      const bodies = [heldBody(), heldBody(), heldBody()];
      const answers = bodies.map(({ stream }) => post(stream));
      for (const [at, { send }] of bodies.entries()) {
        send(at === 2 ? 499 : 1_000);
        await turn();
      }
      return { bodies, answers };
    };
    const first = await fill();
    const late = heldBody();
    late.send(2);
    expect(await post(late.stream)).toBe('unavailable');
    const small = heldBody();
    small.send(1);
    small.end();
    expect(await post(small.stream)).toBe(1);

    first.bodies[0]?.send(1);
    first.bodies[1]?.break();
    first.bodies[2]?.end();
    expect(await Promise.all(first.answers)).toEqual(['too_large', 'invalid', 499]);
    const again = await fill();
    for (const { end } of again.bodies) end();
    expect(await Promise.all(again.answers)).toEqual([1_000, 1_000, 499]);
  });

  it('say so as unavailable, with when to come back', () => {
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
