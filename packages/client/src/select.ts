import { alike } from './alike.ts';
import { changesOf } from './changes.ts';
import type { Readable } from './store.ts';

type Readables<Wholes extends readonly unknown[]> = { readonly [At in keyof Wholes]: Readable<Wholes[At]> };

/** What is made of other values. It holds nothing of its own, and who subscribes hears when what is made changes. */
export function selectFrom<Wholes extends readonly unknown[], Part>(
  wholes: Readables<Wholes>,
  select: (...wholes: Wholes) => Part,
): Readable<Part> {
  let last: { of: readonly unknown[]; part: Part } | null = null;
  const getSnapshot = (): Part => {
    const now = wholes.map((whole) => whole.getSnapshot());
    if (last?.of.every((one, at) => one === now[at])) return last.part;
    const part = select(...(now as unknown as Wholes));
    last = { of: now, part: last !== null && alike(last.part, part) ? last.part : part };
    return last.part;
  };
  return { subscribe: changesOf(wholes, getSnapshot), getSnapshot };
}
