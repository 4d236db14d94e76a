import { BelfryError } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { problemResponse } from '../src/http/problem.ts';
import { Traffic } from '../src/metrics/traffic.ts';

test('a mistake of the store goes into the log with its cause, and no word of it to the client', async () => {
  const logged: object[] = [];
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: (fields: object) => logged.push(fields) };
  const error = new BelfryError('internal', 'The store could not do this.', {
    cause: new Error('relation is missing'),
  });
  const response = problemResponse(error, 'r-1', { log, traffic: new Traffic() });
  expect(logged).toEqual([{ requestId: 'r-1', err: error }]);
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({
    code: 'internal',
    detail: expect.not.stringContaining('store'),
    requestId: 'r-1',
  });
});
