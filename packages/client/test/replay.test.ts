import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame } from '../src/index.ts';
import { createReplay, type Replay } from '../src/tabs/replay.ts';
import type { Connected } from '../src/ways.ts';
import { cursor } from './support/scripted-server.ts';

const connected = (fields: Partial<Connected> = {}): Connected => ({
  connection: 'c',
  tenant: 'default',
  user: '42',
  readOnly: false,
  channels: [],
  access: 'a1',
  resumed: false,
  reason: 'new',
  heartbeatMs: 25_000,
  serverTime: '',
  ...fields,
});
const message = (n: number, data = '{}'): Frame => ({ event: 'message', id: cursor(n), data });
const state = (n: number, id = cursor(n)): Frame => ({ event: 'state', id, data: `"state ${n}"` });
const heartbeat = (n: number): Frame => ({ event: 'id', id: cursor(n), data: null });
const at = (n: number | null, access = 'a1') => ({ cursor: n === null ? null : cursor(n), access });
const ids = (frames: readonly Frame[] | null) =>
  frames?.map(({ event, id }) => `${event} ${id?.split('-')[1]}`) ?? null;

function filled(...frames: Frame[]): Replay {
  const replay = createReplay();
  replay.connected(connected(), { cursor: null, access: null });
  for (const frame of frames) replay.note(frame);
  return replay;
}

test('whoever comes new gets the last state and what came after it', () => {
  const replay = filled(state(10), message(12), state(13), heartbeat(14), message(15));
  expect(ids(replay.after({ cursor: null, access: null }))).toEqual(['state 13', 'message 15']);
  expect(replay.last()).toBe(cursor(15));
});

test('whoever stands somewhere gets what came after that, and no state twice', () => {
  const replay = filled(state(10), message(12), message(12), state(13), message(15));
  expect(ids(replay.after(at(10)))).toEqual(['message 12', 'state 13', 'message 15']);
  expect(ids(replay.after(at(13)))).toEqual(['message 15']);
  expect(ids(replay.after(at(20)))).toEqual([]);
});

test('whoever is owed a state gets it', () => {
  const replay = filled(state(10), message(13), state(13));
  expect(ids(replay.after({ cursor: `${cursor(13)}-s`, access: 'a1' }))).toEqual(['state 13']);
});

test('who stands further back, in another log or with another access, is sent to the server', () => {
  const replay = filled(state(10), message(12));
  expect(replay.after(at(9))).toBeNull();
  expect(replay.after(at(12, 'a2'))).toBeNull();
  expect(replay.after({ cursor: cursor(12, 'k4'), access: 'a1' })).toBeNull();
  expect(replay.after({ cursor: 'k3-12-other', access: 'a1' })).toBeNull();
  expect(createReplay().after(at(1))).toBeNull();
});

test('a connection that resumes goes on with what is kept; one that does not begins anew', () => {
  const replay = filled(state(10), message(11));
  replay.connected(connected({ resumed: true, reason: null }), at(11));
  replay.note(message(12));
  expect(ids(replay.after(at(10)))).toEqual(['message 11', 'message 12']);
  replay.connected(connected({ access: 'a2' }), at(12));
  replay.note(state(20));
  expect(replay.after(at(12))).toBeNull();
  expect(ids(replay.after(at(20, 'a2')))).toEqual([]);
});

test('it keeps 500 frames and a million characters, and forgets the oldest', () => {
  const many = filled(state(0), ...Array.from({ length: 600 }, (_, index) => message(index + 1)));
  expect(many.after(at(99))).toBeNull();
  expect(many.after(at(100))).toHaveLength(500);
  expect(many.after({ cursor: null, access: null })).toBeNull();
  const long = 'x'.repeat(400_000);
  const heavy = filled(state(0), message(1, long), message(2, long), message(3, long));
  expect(heavy.after(at(0))).toBeNull();
  expect(ids(heavy.after(at(1)))).toEqual(['message 2', 'message 3']);
});

test('from wherever somebody stands, they get each later event once and in order, or are sent to the server', () => {
  const step = fc.record({ gap: fc.integer({ min: 1, max: 3 }), kind: fc.constantFrom('message', 'again', 'id') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat({ max: 100 }), (steps, from) => {
      const replay = filled(state(5));
      const events: number[] = [];
      let n = 5;
      for (const { gap, kind } of steps) {
        if (kind === 'again' && events.length > 0) replay.note(message(events.at(-1) as number));
        else n += gap;
        if (kind === 'id') replay.note(heartbeat(n));
        if (kind !== 'message') continue;
        events.push(n);
        replay.note(message(n));
      }
      const frames = replay.after(at(from));
      if (from < 5) expect(frames).toBeNull();
      else expect(ids(frames)).toEqual(events.filter((one) => one > from).map((one) => `message ${one}`));
    }),
  );
});
