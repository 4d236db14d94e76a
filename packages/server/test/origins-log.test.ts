import { Caller, type StreamReader } from '@belfry/contract-tests/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

interface Line {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: Record<string, unknown>;
}

/** What is told of streams. The name is a line of the list of what Belfry replaces. */
describe('origins: the log', () => {
  const lines: Line[] = [];
  let debugs = true;
  let test: TestServer;
  beforeAll(async () => {
    const write = (level: Line['level']) => (fields: object, message: string) =>
      void lines.push({ level, message, fields: fields as Line['fields'] });
    const isLevelEnabled = () => debugs;
    const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
    test = await startServer({ log: { ...log, isLevelEnabled } });
  });
  afterAll(() => test.stop());

  async function openStream(user: string, query = ''): Promise<StreamReader> {
    const caller = new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: user, tenant: 'acme' })}` });
    return (await caller.stream(query)).live();
  }

  const send = (to: string[]) =>
    test.server.notify({ to, type: 'm', title: 'Of this the log says nothing' }, { tenant: 'acme' });
  const said = (wanted: string) => lines.filter(({ message }) => message === wanted).map(({ fields }) => fields);

  it('D6: connects, disconnects and sends are logged: connection, user, tenant, how many are open and were reached', async () => {
    const streams = [await openStream('ada'), await openStream('ada'), await openStream('ben')];
    const filtered = await openStream('ada', '?types=other');
    const opened = said('stream opened');
    const names = { connection: expect.any(String), tenant: 'acme' };
    expect(opened).toEqual(['ada', 'ada', 'ben', 'ada'].map((user, at) => ({ ...names, user, open: at + 1 })));
    // To two channels that Ada holds, and she has two connections that are shown it.
    await send(['all', 'user:ada']);
    await send(['user:ben']);
    await send(['user:nobody']);
    const sent = said('event sent');
    expect(sent).toMatchObject([3, 1, 0].map((connections) => ({ tenant: 'acme', connections })));
    expect(sent.map(({ type }) => type)).toEqual(Array(3).fill('notification.created'));
    expect(JSON.stringify(lines)).not.toContain('Of this the log');
    await Promise.all([...streams, filtered].map((stream) => stream.close()));
    await until(() => said('stream closed').length === 4, 'the ends of the streams');
    const closed = said('stream closed');
    expect(new Set(closed.map(({ connection }) => connection))).toEqual(
      new Set(opened.map(({ connection }) => connection)),
    );
    expect(closed.map(({ open }) => open)).toEqual([3, 2, 1, 0]);
  });

  it('D6: sends cost the log nothing where it writes no debug lines', async () => {
    debugs = false;
    const stream = await openStream('cy');
    const before = said('event sent').length;
    await send(['user:cy']);
    await stream.messages(1);
    expect(said('event sent')).toHaveLength(before);
    await stream.close();
  });
});
