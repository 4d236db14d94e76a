import type { Statement } from './connection.ts';

/** A change of one table. Its `$1`, `$2`… are its own. `name` tells it from all others that it is joined with. */
export interface Change {
  name: string;
  text: string;
}

export type Changed = readonly [change: Change, values: readonly unknown[]];

/** Of the few combinations that come again and again. */
const texts = new Map<string, string>();
const MAX_KEPT = 500;

/**
 * The changes as one statement, so that the server and the driver have one to take up, run and answer. None depends on
 * what another has written: within a statement it would not see it.
 */
export function joined(changes: readonly Changed[]): Statement[] {
  const [first] = changes;
  if (first === undefined) return [];
  if (changes.length === 1) return [[first[0].text, first[1]]];
  return [[textOf(changes), changes.flatMap(([, values]) => values)]];
}

/**
 * The same, but done only where `hold` gives a row, and answered with that row's `now`. Each inserts what it unnests into
 * the log that is its `$1`; here it takes that from the row, so none can begin before.
 */
export function joinedUnder(hold: Changed, changes: readonly Changed[]): Statement {
  const text = kept(keyOf([hold, ...changes]), () => heldText(hold, changes));
  return [text, [...hold[1], ...changes.flatMap(([, values]) => values.slice(1))]];
}

function textOf(changes: readonly Changed[]): string {
  return kept(keyOf(changes), () => joinedText(changes));
}

function keyOf(changes: readonly Changed[]): string {
  return changes.map(([{ name }]) => name).join(' ');
}

/** Put together once: a text so made would be hashed anew at every use. */
function kept(key: string, make: () => string): string {
  const known = texts.get(key);
  if (known !== undefined) return known;
  const text = make();
  if (texts.size >= MAX_KEPT) texts.clear();
  texts.set(key, text);
  return text;
}

function joinedText(changes: readonly Changed[]): string {
  let before = 0;
  const parts = changes.map(([{ text }, values]) => {
    const part = text.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + before}`);
    before += values.length;
    return part;
  });
  const last = parts.pop();
  return `with ${parts.map((part, index) => `change_${index} as (${part})`).join(', ')} ${last}`;
}

function heldText([hold, held]: Changed, changes: readonly Changed[]): string {
  // The first value of each is the log, which is not sent again.
  let before = held.length - 1;
  const parts = changes.map(([{ text }, values]) => {
    const part = text
      .replace(/\$(\d+)/g, (_, number: string) => (number === '1' ? 'held.log' : `$${Number(number) + before}`))
      .replace('from (select unnest(', 'from held cross join (select unnest(');
    before += values.length - 1;
    return part;
  });
  const steps = parts.map((part, index) => `change_${index} as (${part})`);
  return `with held as materialized (${hold.text}), ${steps.join(', ')} select now from held`;
}
