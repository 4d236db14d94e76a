import { createPublisher, type NotificationInput } from '@belfry/client/publisher';
import { isChannel, isName } from '@belfry/protocol';
import { defineCommand } from 'citty';
import { remoteArgs, remoteFrom } from '../remote.ts';
import { print, UsageError } from '../terminal.ts';

/** Over a restart of the server, and no longer than a person at a terminal waits. */
const PATIENCE_MS = 5_000;

export const send = defineCommand({
  meta: { name: 'send', description: 'Send a notification through a running Belfry (BELFRY_API_KEY).' },
  args: {
    title: { type: 'positional', description: 'What it says', required: true, valueHint: 'title' },
    to: { type: 'string', description: 'user:<id>, all, role:<name>, topic:<name>; a comma list', required: true },
    type: { type: 'string', description: 'What it is of', default: 'message' },
    body: { type: 'string', description: 'More text' },
    'action-url': { type: 'string', description: 'Where it leads: http(s), or a path', valueHint: 'url' },
    severity: { type: 'string', description: 'info, success, warning or critical' },
    data: { type: 'string', description: 'Anything more, as JSON', valueHint: 'json' },
    'dedupe-key': { type: 'string', description: 'Replaces the earlier one with this key' },
    'idempotency-key': { type: 'string', description: 'Repeats with this key send once' },
    ...remoteArgs,
  },
  async run({ args }) {
    const { url, token, headers } = remoteFrom(args, process.env);
    const publisher = createPublisher({
      url,
      apiKey: token,
      retryForMs: PATIENCE_MS,
      ...(headers['Belfry-Tenant'] === undefined ? {} : { tenant: headers['Belfry-Tenant'] }),
    });
    const given = {
      to: channels(args.to),
      type: args.type,
      title: args.title,
      body: args.body,
      actionUrl: args['action-url'],
      severity: args.severity,
      data: args.data === undefined ? undefined : json(args.data),
      dedupeKey: args['dedupe-key'],
    };
    const key = args['idempotency-key'];
    const sent = await publisher.notify(given as NotificationInput, key === undefined ? {} : { idempotencyKey: key });
    print(JSON.stringify(sent));
  },
});

/** A bare id is what is mostly typed first; the server only knows that it is no channel. */
function channels(text: string): string[] {
  return text.split(',').map((part) => {
    const channel = part.trim();
    if (!isChannel(channel) && isName(channel) && !channel.includes(':')) {
      throw new UsageError(`--to: ${JSON.stringify(channel)} is not a channel; did you mean user:${channel}?`);
    }
    return channel;
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('--data must be JSON, such as \'{"order": 7}\'.');
  }
}
