import { openStream, RequestError } from '@belfry/client';
import type { BelfryError, EventEnvelope } from '@belfry/protocol';
import { defineCommand } from 'citty';
import { remoteArgs, remoteFrom } from '../remote.ts';
import { inWords, note, print } from '../terminal.ts';

export const tail = defineCommand({
  meta: { name: 'tail', description: 'Follow what comes, a line each, and go on after every break.' },
  args: {
    channels: { type: 'string', description: 'Only these, a comma list' },
    types: { type: 'string', description: 'Only these notification types, each may end in *' },
    events: { type: 'string', description: 'Only these event types, each may end in *' },
    from: { type: 'string', description: 'Go on after this cursor', valueHint: 'cursor' },
    json: { type: 'boolean', description: 'Whole events, as JSON' },
    ...remoteArgs,
  },
  async run({ args }) {
    const line = args.json ? jsonLine : shortLine;
    let wasConnected = false;
    const { promise: over, resolve, reject } = Promise.withResolvers<void>();
    const stream = openStream({
      ...remoteFrom(args, process.env, true),
      ...lists(args),
      state: false,
      cursor: args.from ?? null,
      onConnected: (connected) => {
        wasConnected = true;
        note(`following ${connected.channels.join(', ')} of ${connected.tenant}`);
      },
      onEvent: (event, cursor) => print(line(event, cursor)),
      onError: (error) => {
        if (!wasConnected && isFinal(error)) reject(error);
        else note(`belfry: ${inWords(error)} Trying again.`);
      },
      onGap: (reason) => note(`belfry: could not go on where it stopped (${reason}); some events may be missing.`),
    });
    stream.start();
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    await over.finally(() => stream.stop());
  },
});

/** Refused before anything came, a person at a terminal is better off with the sentence than with more tries. */
function isFinal(error: BelfryError): boolean {
  return error instanceof RequestError && !error.passing;
}

function lists(args: Record<string, unknown>): Record<string, string[]> {
  const named = ['channels', 'types', 'events'].filter((name) => typeof args[name] === 'string');
  return Object.fromEntries(named.map((name) => [name, String(args[name]).split(',')]));
}

function jsonLine(event: EventEnvelope, cursor: string | null): string {
  return JSON.stringify({ id: cursor, ...event });
}

function shortLine({ time, type, channel, data }: EventEnvelope): string {
  return `${time}  ${type}  ${channel}  ${summary(data)}`;
}

function summary(data: unknown): string {
  const { notification } = (data ?? {}) as { notification?: { title: string } };
  const text = notification === undefined ? JSON.stringify(data) : JSON.stringify(notification.title);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
