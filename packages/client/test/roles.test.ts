import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROLE_EVENTS, ROLE_NAMES, type Role, type RoleEffect, type RoleEvent, roleAfter } from '../src/tabs/roles.ts';

const PAIRS = ROLE_NAMES.flatMap((role) => ROLE_EVENTS.map((event) => [role, event] as const));

/** What a tab has in each role, whatever the way that led there. `lock`: held or waited for. */
const HAS: Record<Role, { channel: boolean; lock: boolean; watch: boolean }> = {
  out: { channel: false, lock: false, watch: false },
  alone: { channel: false, lock: false, watch: false },
  seeking: { channel: true, lock: true, watch: true },
  following: { channel: true, lock: true, watch: true },
  leading: { channel: true, lock: true, watch: false },
};

class World {
  role: Role = 'out';
  has = { ...HAS.out };

  happens(event: RoleEvent): void {
    const { to, effects } = roleAfter(this.role, event);
    // The browser took the lock away.
    if (event === 'deposed' && this.role === 'leading') this.has.lock = false;
    this.role = to;
    for (const effect of effects) this.#apply[effect]();
  }

  readonly #apply: Record<RoleEffect, () => void> = {
    open: () => this.#set('channel', true),
    close: () => this.#set('channel', false),
    queue: () => this.#set('lock', true),
    // In place of the wait in the queue.
    steal: () => expect(this.has.lock).toBe(true),
    release: () => this.#set('lock', false),
    listen: () => this.#set('watch', true),
    rest: () => this.#set('watch', false),
    announce: () => expect(this.has.channel).toBe(true),
    turn: () => {},
  };

  #set(what: keyof World['has'], to: boolean): void {
    if (this.has[what] === to) throw new Error(`${what} is ${to} already`);
    this.has[what] = to;
  }
}

test('the table answers every event in every role, the same each time', () => {
  expect(PAIRS).toHaveLength(5 * 7);
  for (const [role, event] of PAIRS) expect(roleAfter(role, event)).toEqual(roleAfter(role, event));
});

test('each role has exactly what belongs to it, after any sequence of events', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ROLE_EVENTS), { maxLength: 60 }), (events) => {
      const world = new World();
      for (const event of events) {
        world.happens(event);
        expect(world.has, `${world.role} after ${event}`).toEqual(HAS[world.role]);
      }
    }),
  );
});

test('only the lock makes a leader, and only who leads says so', () => {
  for (const [role, event] of PAIRS) {
    const { to, effects } = roleAfter(role, event);
    if (to === 'leading' && role !== 'leading') expect([event, effects]).toEqual(['granted', expect.any(Array)]);
    expect(effects.includes('announce')).toBe(to === 'leading' && role !== 'leading');
  }
});

test('whoever begins or ends to lead, or is left alone, turns to another connection', () => {
  for (const [role, event] of PAIRS) {
    const { to, effects } = roleAfter(role, event);
    if (to === role || to === 'out') continue;
    if (to === 'leading' || to === 'alone' || role === 'leading') expect(effects, `${role} ${event}`).toContain('turn');
  }
});

test('from every role leave leads out and lets go of all', () => {
  for (const role of ROLE_NAMES) expect(roleAfter(role, 'leave').to).toBe('out');
});
