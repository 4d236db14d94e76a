import type { Channel, Grants } from '@belfry/protocol';
import { minus, type OneOrMore, plus } from './one-or-more.ts';

/** Which listeners of one tenant hold a channel. Empty channels are dropped. */
export class ChannelIndex<Listener> {
  readonly #exact = new Map<Channel, OneOrMore<Listener>>();
  readonly #prefixes = new Map<string, OneOrMore<Listener>>();
  readonly #everything = new Set<Listener>();
  /** Lengths of the prefixes held: a lookup tries these cuts of a channel, and not every prefix. */
  readonly #lengths = new Map<number, number>();

  add(listener: Listener, grants: Grants): void {
    if (grants.everything) this.#everything.add(listener);
    for (const channel of grants.exact) addTo(this.#exact, channel, listener);
    for (const prefix of grants.prefixes) {
      if (addTo(this.#prefixes, prefix, listener)) this.#countLength(prefix.length, 1);
    }
  }

  remove(listener: Listener, grants: Grants): void {
    if (grants.everything) this.#everything.delete(listener);
    for (const channel of grants.exact) removeFrom(this.#exact, channel, listener);
    for (const prefix of grants.prefixes) {
      if (removeFrom(this.#prefixes, prefix, listener)) this.#countLength(prefix.length, -1);
    }
  }

  /** Calls `visit` for each holder of the channel; a listener that holds it twice over is visited twice. */
  each(channel: Channel, visit: (listener: Listener, channel: Channel) => void): void {
    visitAll(this.#exact.get(channel), channel, visit);
    if (this.#lengths.size > 0) this.#eachByPrefix(channel, visit);
    if (this.#everything.size > 0) visitAll(this.#everything, channel, visit);
  }

  #eachByPrefix(channel: Channel, visit: (listener: Listener, channel: Channel) => void): void {
    for (const length of this.#lengths.keys()) {
      if (length <= channel.length) visitAll(this.#prefixes.get(channel.slice(0, length)), channel, visit);
    }
  }

  /** Channels and prefixes with at least one listener. */
  get size(): number {
    return this.#exact.size + this.#prefixes.size;
  }

  #countLength(length: number, by: 1 | -1): void {
    const count = (this.#lengths.get(length) ?? 0) + by;
    if (count === 0) this.#lengths.delete(length);
    else this.#lengths.set(length, count);
  }
}

function visitAll<Listener>(
  listeners: OneOrMore<Listener> | undefined,
  channel: Channel,
  visit: (listener: Listener, channel: Channel) => void,
): void {
  if (listeners === undefined) return;
  if (listeners instanceof Set) for (const listener of listeners) visit(listener, channel);
  else visit(listeners, channel);
}

/** True where it is the key's first. */
function addTo<Listener>(map: Map<string, OneOrMore<Listener>>, key: string, listener: Listener): boolean {
  const held = map.get(key);
  const now = plus(held, listener);
  if (now !== held) map.set(key, now);
  return held === undefined;
}

/** True where it was the key's last. */
function removeFrom<Listener>(map: Map<string, OneOrMore<Listener>>, key: string, listener: Listener): boolean {
  const held = map.get(key);
  if (held === undefined || minus(held, listener) !== undefined) return false;
  return map.delete(key);
}
