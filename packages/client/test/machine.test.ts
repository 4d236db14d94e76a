import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Effect, EVENTS, type Event, STATES, type State, transition } from '../src/machine.ts';

const PAIRS = STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const));

/** What runs in each state, whatever the way that led there. */
const RUNNING: Record<State, { request: boolean; timer: boolean; listening: boolean }> = {
  idle: { request: false, timer: false, listening: false },
  connecting: { request: true, timer: false, listening: true },
  renewing: { request: true, timer: false, listening: true },
  open: { request: true, timer: false, listening: true },
  live: { request: true, timer: false, listening: true },
  polling: { request: true, timer: false, listening: true },
  polled: { request: true, timer: false, listening: true },
  waiting: { request: false, timer: true, listening: true },
  stalled: { request: false, timer: true, listening: true },
  offline: { request: false, timer: true, listening: true },
  suspended: { request: false, timer: false, listening: true },
  refused: { request: false, timer: true, listening: true },
  closed: { request: false, timer: false, listening: false },
};

/** Does the effects on a model; throws where one makes no sense. */
class World {
  state: State = 'idle';
  running = { ...RUNNING.idle };

  happens(event: Event): void {
    const { to, effects } = transition(this.state, event);
    if (event === 'timer' && this.running.timer) this.running.timer = false;
    this.state = to;
    for (const effect of effects) this.#apply[effect]();
  }

  readonly #apply: Record<Effect, () => void> = {
    listen: () => this.#start('listening'),
    deafen: () => this.#stop('listening'),
    connect: () => this.#start('request'),
    poll: () => this.#start('request'),
    abort: () => this.#stop('request'),
    leave: () => this.#leave(),
    forget: () => {},
    watch: () => {
      if (!this.running.request) throw new Error('watched without a request');
    },
    backoff: () => this.#start('timer'),
    pause: () => this.#start('timer'),
    slow: () => this.#start('timer'),
    cancel: () => {
      this.running.timer = false;
    },
    calm: () => {},
  };

  /** Between requests only: else the request would still be at what is let go. */
  #leave(): void {
    if (this.running.request) throw new Error('left while a request ran');
  }

  #start(what: keyof World['running']): void {
    if (this.running[what]) throw new Error(`${what} runs twice`);
    this.running[what] = true;
  }

  #stop(what: keyof World['running']): void {
    if (!this.running[what]) throw new Error(`${what} is stopped but did not run`);
    this.running[what] = false;
  }
}

test('the table answers every event in every state, the same each time', () => {
  expect(PAIRS).toHaveLength(13 * 19);
  for (const [state, event] of PAIRS) {
    const { to, effects } = transition(state, event);
    expect(STATES).toContain(to);
    expect(transition(state, event)).toEqual({ to, effects });
  }
});

test('each state has exactly what belongs to it running, after any sequence of events', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 }), (events) => {
      const world = new World();
      for (const event of events) {
        world.happens(event);
        expect(world.running, `${world.state} after ${event}`).toEqual(RUNNING[world.state]);
      }
    }),
  );
});

test('only stop ends the trying', () => {
  for (const [state, event] of PAIRS) {
    if (event === 'stop' || state === 'idle' || state === 'closed') continue;
    expect(['idle', 'closed'], `${state} on ${event}`).not.toContain(transition(state, event).to);
  }
});

test('stop ends every state, and start leaves every state of rest', () => {
  for (const state of STATES) expect(transition(state, 'stop').to).toBe('closed');
  for (const state of STATES.filter((one) => !RUNNING[one].request)) {
    expect(transition(state, 'start').to).toBe(state === 'stalled' ? 'polling' : 'connecting');
  }
});

test('one try fetches at most one fresh token', () => {
  expect(transition('connecting', 'unauthorized').to).toBe('renewing');
  expect(transition('renewing', 'unauthorized')).toMatchObject({ to: 'waiting' });
});

test('only live starts the back-off over: to be let in and thrown out is no success', () => {
  for (const [state, event] of PAIRS) {
    const { to, effects } = transition(state, event);
    if (!effects.includes('calm')) continue;
    expect(event).toBe('live');
    expect(['open live', 'polling polled']).toContain(`${state} ${to}`);
  }
});

test('before connected no byte keeps the watchdog quiet', () => {
  expect(transition('connecting', 'activity').effects).toEqual([]);
  expect(transition('renewing', 'activity').effects).toEqual([]);
  expect(transition('live', 'activity').effects).toEqual(['watch']);
});

test('it polls only where streams were found not to work, and what shows that they do ends it', () => {
  for (const [state, event] of PAIRS) {
    const { to, effects } = transition(state, event);
    const polls = ['polling', 'polled', 'stalled'];
    if (polls.includes(to) && !polls.includes(state)) expect([event, to]).toEqual(['unfit', 'polling']);
    if (effects.includes('poll')) expect(to).toBe('polling');
  }
  for (const event of ['handover', 'online'] as const) expect(transition('polled', event).to).toBe('connecting');
});

test('a page that falls asleep keeps no request and no timer, and lets go of what is kept between requests', () => {
  for (const state of STATES.filter((one) => RUNNING[one].request || RUNNING[one].timer)) {
    expect(transition(state, 'suspend')).toMatchObject({ to: 'suspended', effects: expect.arrayContaining(['leave']) });
  }
  for (const event of EVENTS.filter((one) => !['start', 'stop', 'online', 'visible'].includes(one))) {
    expect(transition('suspended', event)).toEqual({ to: 'suspended', effects: [] });
  }
});

test('stop lets go of what is kept between requests', () => {
  for (const state of STATES.filter((one) => RUNNING[one].request || RUNNING[one].timer)) {
    expect(transition(state, 'stop').effects).toContain('leave');
  }
});
