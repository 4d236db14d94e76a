import { type Cast, drawAddress } from './cast.ts';
import type { Random } from './random.ts';

/** A call to make. Each thing in it is known again by its marker: the title, or a field of an event's data. */
export interface Publish {
  path: string;
  body: unknown;
  markers: readonly string[];
  /** Where each goes. Absent: not to be compared. */
  addresses?: readonly (readonly string[])[];
  /** Sent again under the same key until it is answered. */
  key: string | null;
}

export function drawPublish(random: Random, cast: Cast, name: string): Publish {
  const key = random.chance(0.5) ? `key ${name}` : null;
  if (random.chance(0.2)) return eventPublish(random, cast, name, key);
  if (random.chance(0.25)) return batchPublish(random, cast, name, key);
  const body = notification(random, cast, name);
  return { path: '/v1/notifications', body, markers: [name], addresses: [body.to], key };
}

function eventPublish(random: Random, cast: Cast, name: string, key: string | null): Publish {
  const body = { to: drawAddress(random, cast), type: 'torture.event', data: { marker: name, text: someText(random) } };
  return { path: '/v1/events', body, markers: [name], addresses: [body.to], key };
}

function batchPublish(random: Random, cast: Cast, name: string, key: string | null): Publish {
  const markers = Array.from({ length: random.int(2, 8) }, (_, index) => `${name}.${index}`);
  const notifications = markers.map((marker) => notification(random, cast, marker));
  const addresses = notifications.map(({ to }) => to);
  return { path: '/v1/notifications/batch', body: { notifications }, markers, addresses, key };
}

/** Some replace an earlier one, which is withdrawn in the same step. */
function notification(random: Random, cast: Cast, title: string) {
  const base = { to: drawAddress(random, cast), type: 'torture', title, body: someText(random) };
  return random.chance(0.1) ? { ...base, dedupeKey: `dedupe ${random.int(0, 9)}` } : base;
}

/** Mostly short, now and then long, with what could break a frame. */
function someText(random: Random): string {
  const piece = random.pick(['plain ', 'two\nlines\r\n', 'Zürich 🚲 ', 'data: x\n\nid: 1-2-3\n\n']);
  return piece.repeat(random.chance(0.05) ? random.int(50, 200) : random.int(1, 4));
}
