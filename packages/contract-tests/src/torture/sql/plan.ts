import { type Cast, drawAddress } from '../cast.ts';
import type { Random } from '../random.ts';

/** One call of a function of Belfry's, in SQL. */
export interface SqlCall {
  marker: string;
  to: readonly string[];
  text: string;
  values: readonly unknown[];
}

/** One transaction: a row of the application's own, and what it publishes with it. */
export interface SqlPlan {
  /** Of its row. */
  name: string;
  /** Where the trigger on the row sends something; null for nowhere. */
  told: readonly string[] | null;
  calls: readonly SqlCall[];
  /** Made after the calls before `undoneAt`, and taken back by a savepoint. */
  undone: readonly SqlCall[];
  undoneAt: number;
  /** How long it stays open when all calls are made. Milliseconds. */
  holdMs: number;
  ending: 'commit' | 'rollback';
}

export function drawPlan(random: Random, cast: Cast, name: string, holdMs: number): SqlPlan {
  const calls = drawCalls(random, cast, name, random.int(1, 5));
  const undone = random.chance(0.25) ? drawCalls(random, cast, `${name}.undone`, random.int(1, 2)) : [];
  return {
    name,
    told: random.chance(0.3) ? drawAddress(random, cast) : null,
    calls,
    undone,
    undoneAt: random.int(0, calls.length),
    holdMs,
    ending: random.chance(0.8) ? 'commit' : 'rollback',
  };
}

/** What is published if it commits, in order. The trigger's comes first, with the row. */
export function markersOf({ name, told, calls }: SqlPlan): { markers: string[]; addresses: (readonly string[])[] } {
  const row = told === null ? [] : [{ marker: `${name}.row`, to: told }];
  const all = [...row, ...calls];
  return { markers: all.map(({ marker }) => marker), addresses: all.map(({ to }) => to) };
}

function drawCalls(random: Random, cast: Cast, name: string, count: number): SqlCall[] {
  return Array.from({ length: count }, (_, index) => drawCall(random, cast, `${name}.${index}`));
}

function drawCall(random: Random, cast: Cast, marker: string): SqlCall {
  const to = drawAddress(random, cast);
  // A channel by itself, or a list: two functions of one name.
  const [address, type] = to.length === 1 && random.chance(0.5) ? [to[0], 'text'] : [to, 'text[]'];
  if (random.chance(0.4)) {
    const text = `select belfry.publish('default', $1::${type}, 'torture.event', $2::jsonb)`;
    return { marker, to, text, values: [address, JSON.stringify({ marker })] };
  }
  const options = random.chance(0.1) ? { dedupeKey: `dedupe ${random.int(0, 9)}` } : { body: 'by SQL\n\nZürich 🚲' };
  const text = `select belfry.notify('default', $1::${type}, 'torture', $2, $3::jsonb)`;
  return { marker, to, text, values: [address, marker, JSON.stringify(options)] };
}
