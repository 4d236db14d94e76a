import { reader } from '@belfry/contract-tests/samples';
import { expect, test } from 'vitest';
import type { Answer, Connection } from '../src/store/postgres/connection.ts';
import { type Reading, runRead } from '../src/store/postgres/reads.ts';

const refused = Object.assign(new Error('permission denied'), { code: '42501', severity: 'ERROR' });

/** Of a server that refuses to begin, and answers all that comes behind it. */
const connection = {
  renewal: '',
  async query(text: string): Promise<Answer> {
    if (text.startsWith('begin')) throw refused;
    const row = { log: 1, id: 1, n: 9, head: 9, check: 'abcd', number: 1, numbers: '[1,2,3]', channel: 'all' };
    return { rows: [row], command: 'SELECT', rowCount: 1 };
  },
};

const reading = {
  readers: { use: <Result>(_: string, work: (over: Connection) => Promise<Result>) => work(connection as Connection) },
  epoch: 'e',
  skew: () => 0,
} as Reading;

test.each(['counts', 'inbox'] as const)(
  'a read whose beginning the server refuses fails by that, and not by what comes of it (%s)',
  async (name) => {
    const query = { limit: 10, before: null, filter: 'all' };
    const failed = runRead(reading, name, { reader: reader('acme', 'ada'), query } as never);
    await expect(failed).rejects.toBe(refused);
  },
);
