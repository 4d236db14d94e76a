import { Circle } from './circle.ts';

/** Whose turn something is. */
export interface Owner {
  tenant: string;
  /** Within the tenant. */
  who: string;
}

interface Waiting<Item> {
  owner: Owner;
  items: Item[];
}

/**
 * What waits, in turns: one tenant after the other, and within each one owner after the other, so that however much one
 * has waiting, everybody else is next after one of theirs. Whoever has nothing waiting is forgotten.
 */
export class FairQueue<Item> {
  readonly #tenants = new Circle<Circle<Waiting<Item>>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  countOf({ tenant, who }: Owner): number {
    return this.#tenants.get(tenant)?.get(who)?.items.length ?? 0;
  }

  add(owner: Owner, item: Item): void {
    const { tenant, who } = owner;
    const owners = this.#tenants.get(tenant) ?? this.#tenants.add(tenant, new Circle());
    const { items } = owners.get(who) ?? owners.add(who, { owner, items: [] });
    items.push(item);
    this.#size += 1;
  }

  /** It gives up its place; whose it is keep their turn. */
  remove({ tenant, who }: Owner, item: Item): void {
    const waiting = this.#tenants.get(tenant)?.get(who);
    const index = waiting?.items.indexOf(item) ?? -1;
    if (waiting !== undefined && index !== -1) this.#take(waiting, index);
  }

  /** The next whose turn it is. */
  shift(): Item | undefined {
    const owners = this.#tenants.first;
    const waiting = owners?.first;
    if (owners === undefined || waiting === undefined) return undefined;
    owners.turn();
    this.#tenants.turn();
    return this.#take(waiting, 0);
  }

  /** As many at once, in turns, and one of each owner at most. */
  take(most: number): Item[] {
    const taken: Item[] = [];
    const had = new Set<Waiting<Item>>();
    const through = new Set<Circle<Waiting<Item>>>();
    while (taken.length < most && through.size < this.#tenants.size) {
      const owners = this.#tenants.first as Circle<Waiting<Item>>;
      const waiting = owners.first as Waiting<Item>;
      this.#tenants.turn();
      if (had.has(waiting)) through.add(owners);
      else {
        had.add(waiting);
        owners.turn();
        taken.push(this.#take(waiting, 0) as Item);
      }
    }
    return taken;
  }

  #take({ owner: { tenant, who }, items }: Waiting<Item>, index: number): Item | undefined {
    const [item] = items.splice(index, 1);
    this.#size -= 1;
    if (items.length > 0) return item;
    const owners = this.#tenants.get(tenant);
    owners?.remove(who);
    if (owners?.isEmpty) this.#tenants.remove(tenant);
    return item;
  }
}
