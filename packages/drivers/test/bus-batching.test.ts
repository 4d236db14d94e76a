import { event } from '@belfry/contract-tests/bus';
import { describe, expect, it } from 'vitest';
import { decodeMessage, newOrigin } from '../src/bus/message.ts';
import { type Line, MessageBus } from '../src/bus/message-bus.ts';
import { Outage } from '../src/bus/outage.ts';
import { Notifier } from '../src/bus/postgres/notifier.ts';
import { Supervisor } from '../src/bus/supervisor.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

function recordingLine() {
  const sent: { subject: string; bytes: Buffer }[] = [];
  const line: Line = {
    isUp: true,
    maxBytes: 100_000,
    send: async (subject, bytes) => sent.push({ subject, bytes }),
    subscribe: async () => {},
    unsubscribe() {},
    close: async () => {},
  };
  return { sent, line };
}

describe('what one turn of the loop publishes', () => {
  it('is one message a topic, in the order of the calls, and nothing waits for it', async () => {
    const { sent, line } = recordingLine();
    const bus = await MessageBus.open({ place: 'e', observer: {}, open: async () => line });
    for (let n = 1; n <= 100; n += 1) bus.publish([event('a', n), event('b', n)]);
    expect(sent).toEqual([]);
    await turn();
    expect(sent.map(({ subject }) => subject)).toEqual(['belfry.1.e.a', 'belfry.1.e.b']);
    for (const { bytes } of sent) {
      const content = decodeMessage(newOrigin(), { tenant: 'x' }, bytes) as { events: { n: number }[] };
      expect(content.events.map(({ n }) => n)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    }
    await bus.close();
  });

  it('is counted as lost without a connection, and as failed where the engine refuses it', async () => {
    const { sent, line } = recordingLine();
    const bus = await MessageBus.open({ place: 'e', observer: {}, open: async () => line });
    Object.assign(line, { isUp: false });
    bus.publish([event('a', 1)]);
    await turn();
    Object.assign(line, { isUp: true, send: () => Promise.reject(new Error('no')) });
    bus.publish([event('a', 2), event('a', 3)]);
    await turn();
    await turn();
    expect(sent).toEqual([]);
    expect(bus.counters).toMatchObject({ published: 3, lost: 1, failed: 2 });
    await bus.close();
  });
});

describe('an outage', () => {
  it('is told of once at its begin and once at its end, however often it is tried between', () => {
    const told: string[] = [];
    const outage = new Outage({ busLost: (reason) => told.push(reason), busBack: () => told.push('back') });
    outage.back();
    for (const reason of ['a', 'b', 'c']) outage.lost(reason);
    outage.back();
    outage.back();
    expect(told).toEqual(['a', 'back']);
    expect(outage.counters.reconnects).toBe(1);
  });
});

describe('a connection that is looked after', () => {
  it('closes what lies over it also where there is none', async () => {
    const supervisor = new Supervisor({
      connect: () => Promise.reject(new Error('not now')),
      onUp: () => Promise.resolve(),
      onReconnect() {},
      outage: new Outage({}),
      probeMs: 1_000,
      random: Math.random,
    });
    let closed = 0;
    await supervisor.close(async () => {
      closed += 1;
    });
    expect(closed).toBe(1);
  });
});

describe('wake-ups on Postgres', () => {
  it('go out one statement at a time, with the furthest number of each log', async () => {
    const statements: (readonly string[])[] = [];
    const answers: (() => void)[] = [];
    const counters = { published: 0, lost: 0, failed: 0, received: 0, refused: 0, reconnects: 0 };
    const notify = (payloads: readonly string[]) => {
      statements.push(payloads);
      return new Promise<void>((resolve) => answers.push(resolve));
    };
    const notifier = new Notifier({ origin: 'o', counters, notify });
    for (let n = 1; n <= 500; n += 1) notifier.add('a', n);
    await turn();
    expect(statements).toEqual([['o{"a":500}']]);
    for (let n = 501; n <= 900; n += 1) {
      notifier.add(n % 2 ? 'a' : 'b', n);
      if (n % 50 === 0) await turn();
    }
    expect(statements).toHaveLength(1);
    answers[0]?.();
    await expect.poll(() => statements.length).toBe(2);
    expect(statements[1]).toEqual(['o{"a":899,"b":900}']);
    answers[1]?.();
    const closing = notifier.close();
    await closing;
    expect(counters).toMatchObject({ lost: 0, failed: 0 });
  });

  it('hold a bounded number of logs while a statement is under way', async () => {
    const counters = { published: 0, lost: 0, failed: 0, received: 0, refused: 0, reconnects: 0 };
    let fail = (_: Error) => {};
    const notify = () =>
      new Promise<void>((_, reject) => {
        fail = reject;
      });
    const notifier = new Notifier({ origin: 'o', counters, notify });
    notifier.add('first', 1);
    await turn();
    for (let at = 0; at < 30_000; at += 1) notifier.add(`t${at}`, 1);
    expect(counters.lost).toBe(20_000);
    fail(new Error('gone'));
    await turn();
    expect(counters.failed).toBe(1);
    const closing = notifier.close();
    fail(new Error('gone'));
    await closing;
    expect(counters.failed).toBe(10_001);
  });
});
