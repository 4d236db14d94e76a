/** One, as nearly all have, or several in the order they came: a set for each of tens of thousands would cost more than they do. */
export type OneOrMore<Item> = Item | Set<Item>;

/** With this one too; what was given must not be used any more. */
export function plus<Item>(held: OneOrMore<Item> | undefined, item: Item): OneOrMore<Item> {
  if (held === undefined || held === item) return item;
  return held instanceof Set ? held.add(item) : new Set([held, item]);
}

/** Without this one; undefined where none is left. */
export function minus<Item>(held: OneOrMore<Item> | undefined, item: Item): OneOrMore<Item> | undefined {
  if (!(held instanceof Set)) return held === item ? undefined : held;
  held.delete(item);
  return held.size === 0 ? undefined : held;
}
