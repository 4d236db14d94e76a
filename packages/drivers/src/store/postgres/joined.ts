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

/** Put together once: a text so made would be hashed anew at every use. */
function textOf(changes: readonly Changed[]): string {
  const key = changes.map(([{ name }]) => name).join(' ');
  const known = texts.get(key);
  if (known !== undefined) return known;
  const text = joinedText(changes);
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
