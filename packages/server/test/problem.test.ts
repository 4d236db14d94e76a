import { BelfryError } from '@belfry/protocol';
import { afterEach, expect, test, vi } from 'vitest';
import { problemResponse } from '../src/http/problem.ts';
import { RefusalLog } from '../src/http/refusal-log.ts';
import { Traffic } from '../src/metrics/traffic.ts';

afterEach(() => void vi.useRealTimers());

test('a mistake of the store goes into the log with its cause, and no word of it to the client', async () => {
  const logged: object[] = [];
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: (fields: object) => logged.push(fields) };
  const error = new BelfryError('internal', 'The store could not do this.', {
    cause: new Error('relation is missing'),
  });
  const response = problemResponse(error, 'r-1', { log, traffic: new Traffic(), refusals: new RefusalLog(log) });
  expect(logged).toEqual([{ requestId: 'r-1', err: error }]);
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({
    code: 'internal',
    detail: expect.not.stringContaining('store'),
    requestId: 'r-1',
  });
});

test('what can not be served is told once in ten seconds and counted, and every caller gets their 503', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const lines: object[] = [];
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: (fields: object) => lines.push(fields), error: silent };
  const told = { log, traffic: new Traffic(), refusals: new RefusalLog(log) };
  const busy = new BelfryError('unavailable', 'All connections are busy.', { retryAfter: 1 });
  const refuse = (id: string, error = busy) => problemResponse(error, id, told);
  for (let n = 1; n <= 500; n += 1) {
    const response = refuse(`r-${n}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  }
  expect(lines).toEqual([{ requestId: 'r-1', err: busy }]);
  const full = new BelfryError('unavailable', 'The disk is full.');
  refuse('other', full);
  vi.advanceTimersByTime(10_000);
  refuse('later');
  expect(lines.slice(1)).toEqual([
    { requestId: 'other', err: full },
    { requestId: 'later', err: busy, moreSinceLastTold: 499 },
  ]);
});
