export interface Row<Item> {
  element: HTMLElement;
  update: (item: Item) => void;
}

/**
 * Keeps the children of `list` in step with items: an item keeps its element as long as it is there, so that focus
 * and open menus stay where they are while news comes in above.
 */
export function keyedList<Item>(
  list: HTMLElement,
  keyOf: (item: Item) => string,
  makeRow: (item: Item) => Row<Item>,
): (items: readonly Item[]) => void {
  let rows = new Map<string, Row<Item>>();
  return (items) => {
    const next = new Map<string, Row<Item>>();
    for (const item of items) next.set(keyOf(item), rows.get(keyOf(item)) ?? makeRow(item));
    for (const [key, { element }] of rows) if (!next.has(key)) element.remove();
    rows = next;
    let before: Element | null = list.firstElementChild;
    for (const item of items) {
      const { element, update } = next.get(keyOf(item))!;
      update(item);
      if (element === before) before = before.nextElementSibling;
      else list.insertBefore(element, before);
    }
  };
}
