import { setImmediate } from 'node:timers/promises';
import type { Reads } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import { READ_ASKERS } from './read-askers.ts';
import type { ReadTurns } from './read-turns.ts';
import type { GroupName } from './sql/read-ops.ts';
import { type Asker, Waiting } from './waiting.ts';

/** Members of one group. It bounds how long what comes meanwhile waits for the engine. */
const MOST = 32;

/** Turns of the event loop without anyone new, after which a group begins. */
const QUIET_TURNS = 3;

type Input = Reads[GroupName]['in'];

/** Asks the engine for all of them from one snapshot: an answer each, in their order. */
export type ReadGroup = (name: GroupName, inputs: readonly Input[]) => Promise<unknown[]>;

export interface GatheredReadsOptions {
  turns: ReadTurns;
  /** How long each may wait for its group. Null: until it has one. */
  waitMs: number | null;
  read: ReadGroup;
}

/** By name only, so that SQLite's main thread has no SQL to load: its threads have it. */
const GATHERED: Record<GroupName, true> = { access: true, state: true };

export function isGathered(name: string): name is GroupName {
  return Object.hasOwn(GATHERED, name);
}

/** What many ask alike, when a process or their network comes back. */
export class GatheredReads {
  readonly #lanes: Record<GroupName, Lane>;

  constructor(options: GatheredReadsOptions) {
    this.#lanes = { access: new Lane('access', options), state: new Lane('state', options) };
  }

  /** @throws BelfryError as `Waiting.add` does, `unavailable` where it waits for too long, and what the engine throws. */
  run(name: GroupName, input: Input): Promise<unknown> {
    return this.#lanes[name].run(input);
  }
}

interface Member {
  input: Input;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/**
 * Gathers what is asked while a group is under way, and for as long as more comes in with each turn of the event loop, and
 * then asks for all of it. Who is in a group is decided when it begins, in turns, and nobody is in it twice: however much one has
 * in flight, whoever asks once is in the next.
 */
class Lane {
  readonly #name: GroupName;
  readonly #options: GatheredReadsOptions;
  readonly #waiting: Waiting;
  #group: Member[] = [];
  #isRunning = false;

  constructor(name: GroupName, options: GatheredReadsOptions) {
    this.#name = name;
    this.#options = options;
    this.#waiting = new Waiting({ what: 'reads', waitMs: options.waitMs });
  }

  run(input: Input): Promise<unknown> {
    const asker = (READ_ASKERS[this.#name] as (input: Input) => Asker)(input);
    return new Promise((resolve, reject) => {
      const begin = () => this.#group.push({ input, resolve, reject });
      this.#waiting.add(asker, { begin, refuse: reject });
      if (!this.#isRunning) void this.#runNext();
    });
  }

  async #runNext(): Promise<void> {
    this.#isRunning = true;
    await this.#gather();
    this.#waiting.beginTogether(MOST);
    await this.#answer(this.#group.splice(0));
    this.#isRunning = false;
    if (this.#waiting.size > 0) void this.#runNext();
  }

  /** A process takes one connection a turn, and would ask for each by itself. Where nothing goes on, turns take no time. */
  async #gather(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS && this.#waiting.size < MOST; ) {
      const { size } = this.#waiting;
      await setImmediate();
      quiet = this.#waiting.size > size ? 0 : quiet + 1;
    }
  }

  async #answer(members: Member[]): Promise<void> {
    // All of them may have waited for too long.
    if (members.length === 0) return;
    try {
      const inputs = members.map(({ input }) => input);
      const { turns, read } = this.#options;
      const answers = await turns.together(this.#name, () => read(this.#name, inputs));
      for (const [index, member] of members.entries()) member.resolve(answers[index]);
    } catch (error) {
      if (members.length === 1 || isForAll(error)) for (const member of members) member.reject(error);
      // One of them is at fault: the others get theirs.
      else for (const member of members) await this.#answer([member]);
    }
  }
}

function isForAll(error: unknown): boolean {
  return error instanceof BelfryError && error.code === 'unavailable';
}
