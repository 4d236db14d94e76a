/** The stream is no request and answer, so it is described in words here and in full in PROTOCOL.md. */
export const streamOperation = {
  summary: 'Follow what is yours, as Server-Sent Events; or ask for it once with wait.',
  description:
    'For: A signed-in person, or an API key with the scope "read". Frames: connected, then state or what was missed, then live, then messages as they come, and closing at the end. With wait the answer is JSON.',
  tags: ['Stream'],
  operationId: 'getStream',
  parameters: [
    header('Last-Event-ID', 'The last id received: the stream goes on after it.'),
    query('lastEventId', 'The same in the URL. The header wins.'),
    query('channels', 'Only these: a comma list. One you have no access to is 403.'),
    query('types', 'Only these notification types, in state, counts and live. A comma list; each may end in *.'),
    query('events', 'Only these event types. A comma list; each may end in *.'),
    query('state', 'none: no state frame at the start.'),
    query('device', 'The name of this device, for acks.'),
    query('access', 'The access value of the connected frame before.'),
    query('wait', 'Seconds, 0 to 60: one JSON answer instead of a stream.'),
    query('ticket', 'From POST /v1/tickets, for the native EventSource.'),
  ],
  responses: {
    200: {
      description: 'The stream, or the answer of a poll',
      content: {
        'text/event-stream': { schema: { type: 'string' } },
        'application/json': { schema: { type: 'object' } },
      },
    },
    default: {
      description: 'What went wrong, and the mend',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
};

function header(name: string, description: string) {
  return { name, in: 'header', required: false, schema: { type: 'string' }, description };
}

function query(name: string, description: string) {
  return { name, in: 'query', required: false, schema: { type: 'string' }, description };
}
