import { randomBytes } from 'node:crypto';
import type { LogEvent } from '@belfry/core';
import type { Topic } from '@belfry/hub';

const ORIGIN_LENGTH = 12;

/** Names one bus of one process, so that it knows what it said itself. */
export function newOrigin(): string {
  return randomBytes(9).toString('base64url');
}

/** What one message holds: events in full, or word that all up to a number is to be read from the store. */
export type Content = { events: LogEvent[] } | { wake: number };

export interface Message {
  bytes: Buffer;
  /** How many events it tells of. */
  count: number;
}

/** Events of one log as few messages of at most `maxBytes` each. What does not fit in one is only told of. */
export function encodeMessages(origin: string, events: readonly LogEvent[], maxBytes: number): Message[] {
  const messages: Message[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const cut = () => {
    if (texts.length > 0) messages.push(message(origin, `[${texts.join(',')}]`, texts.length));
    texts = [];
    bytes = ORIGIN_LENGTH + 2;
  };
  cut();
  for (const event of events) {
    const text = eventText(event);
    const size = Buffer.byteLength(text) + 1;
    if (bytes + size > maxBytes) cut();
    if (bytes + size > maxBytes) {
      messages.push(message(origin, String(event.n), 1));
    } else {
      texts.push(text);
      bytes += size;
    }
  }
  cut();
  return messages;
}

/** Null for one's own, and for whatever Belfry can't have written: what it told of is found by the heads. */
export function decodeMessage(origin: string, topic: Topic, bytes: Uint8Array): Content | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text.length <= ORIGIN_LENGTH || text.toString('latin1', 0, ORIGIN_LENGTH) === origin) return null;
  const body = parsed(text.toString('utf8', ORIGIN_LENGTH));
  if (isNumber(body)) return { wake: body };
  if (!Array.isArray(body) || !body.every(isEvent)) return null;
  return { events: body.map((event) => ({ ...event, ...topic })) };
}

function message(origin: string, body: string, count: number): Message {
  return { bytes: Buffer.from(origin + body), count };
}

/** Which log it is of is the topic, and not said again. Field by field: to copy what is left of an object costs more than to write it. */
function eventText({ n, check, follows, after, type, time, to, data }: LogEvent): string {
  return JSON.stringify({ n, check, follows, after, type, time, to, data });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isEvent(value: unknown): value is Omit<LogEvent, keyof Topic> {
  if (typeof value !== 'object' || value === null) return false;
  const { n, check, follows = '', type, time, to, data, after = 0 } = value as Record<string, unknown>;
  const texts = [check, follows, type, time, data].every((text) => typeof text === 'string');
  return (
    texts &&
    isNumber(n) &&
    Number.isSafeInteger(after) &&
    Array.isArray(to) &&
    to.every((channel) => typeof channel === 'string')
  );
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
