import { covers, type Grants, grantPrefix, holds, includesGrant, within } from '@belfry/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccessRows, changedAt, heldBy, type LogEvent, NO_ROWS, rowsAfter } from '../src/index.ts';

const GRANTS = [
  'topic:*',
  'topic:a',
  'topic:a/*',
  'topic:a/b',
  'topic:a/b/*',
  'topic:a/b/c',
  'topic:a/b/c/*',
  'role:r',
];
const CHANNELS = [
  ...GRANTS.filter((one) => grantPrefix(one) === null),
  'topic:a/d',
  'topic:a/b/d',
  'topic:a/b/c/d',
  'all',
];

const grant = fc.constantFrom(...GRANTS);
const change = fc.record({ type: fc.constantFrom('access.granted', 'access.revoked'), channel: grant });
const token = fc.record({
  channels: fc.uniqueArray(grant, { maxLength: 4 }),
  issuedAt: fc.option(fc.nat({ max: 12 })),
});

function eventOf({ type, channel }: { type: string; channel: string }, n: number): LogEvent {
  const data = JSON.stringify({ channels: [channel] });
  return { tenant: 't', n, check: 'x', type, time: new Date(n).toISOString(), to: ['user:ada'], data };
}

function claimed({ channels, issuedAt }: { channels: string[]; issuedAt: number | null }) {
  const exact = ['user:ada', 'all', ...channels.filter((one) => grantPrefix(one) === null)];
  const prefixes = channels.map(grantPrefix).filter((prefix) => prefix !== null);
  return { user: 'ada', issuedAt, grants: { everything: false, exact, prefixes } };
}

/** Change by change and channel by channel, without any rows. */
function heldInFull(
  { channels, issuedAt }: { channels: string[]; issuedAt: number | null },
  changes: LogEvent[],
): string[] {
  return CHANNELS.filter((channel) => {
    if (channel === 'all') return true;
    const givers = [
      ...channels.map((given) => ({ given, outlives: (n: number) => issuedAt === null || n < issuedAt })),
      ...changes.filter(isGrant).map((event) => ({ given: channelOf(event), outlives: (n: number) => n < event.n })),
    ];
    const takers = changes.filter((event) => !isGrant(event) && includesGrant(channelOf(event), channel));
    return givers.some(({ given, outlives }) => includesGrant(given, channel) && takers.every(({ n }) => outlives(n)));
  });
}

const isGrant = ({ type }: LogEvent) => type === 'access.granted';
const channelOf = ({ data }: LogEvent) => (JSON.parse(data) as { channels: [string] }).channels[0];
const heldOf = (grants: Grants) => CHANNELS.filter((channel) => holds(grants, channel));

describe('what a person holds', () => {
  test('is what was given and not taken since, channel by channel, after any changes', () => {
    fc.assert(
      fc.property(token, fc.array(change, { maxLength: 10 }), (has, made) => {
        const changes = made.map((one, at) => eventOf(one, at + 1));
        const rows = changes.reduce(rowsAfter, NO_ROWS);
        const held = heldBy(claimed(has), rows);
        expect(heldOf(held)).toEqual(heldInFull(has, changes));
        expect(changedAt(rows)).toBe(changes.length);
      }),
      { numRuns: 3_000 },
    );
  });

  test('is the same in whatever order, and however often, the changes are heard of', () => {
    fc.assert(
      fc.property(token, fc.array(change, { maxLength: 8 }), fc.nat(), (has, made, turn) => {
        const changes = made.map((one, at) => eventOf(one, at + 1));
        const others = [...changes.slice(turn % 8), ...changes];
        const rowsOf = (events: LogEvent[]): AccessRows => events.reduce(rowsAfter, NO_ROWS);
        expect(heldOf(heldBy(claimed(has), rowsOf(others)))).toEqual(heldOf(heldBy(claimed(has), rowsOf(changes))));
      }),
    );
  });

  test('narrowed to some of it is never more than it, and all of it that was asked for', () => {
    fc.assert(
      fc.property(
        token,
        fc.array(change, { maxLength: 8 }),
        fc.uniqueArray(grant, { maxLength: 3 }),
        (has, made, only) => {
          const rows = made.map((one, at) => eventOf(one, at + 1)).reduce(rowsAfter, NO_ROWS);
          const held = heldBy(claimed(has), rows);
          const asked = (channel: string) => only.some((one) => includesGrant(one, channel));
          expect(heldOf(within(held, only))).toEqual(heldOf(held).filter(asked));
          for (const one of only) {
            const all = CHANNELS.filter((channel) => includesGrant(one, channel));
            if (covers(held, one)) expect(heldOf(held)).toEqual(expect.arrayContaining(all));
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
