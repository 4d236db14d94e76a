const PROBLEM = {
  description: 'What went wrong, and the mend',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

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
    default: PROBLEM,
  },
};

/** The same of a run's stream. */
export const runStreamOperation = {
  summary: 'Follow one run, as Server-Sent Events, until it has finished.',
  description:
    'For: A signed-in person who sees it, or an API key with the scope "read". Frames: snapshot, then messages as they come, and done. With a Last-Event-ID what was missed, and 204 where that was the last.',
  tags: ['Runs'],
  operationId: 'getRunStream',
  parameters: [
    path('id', 'The run.'),
    header('Last-Event-ID', 'The last id received: the stream goes on after it.'),
    query('lastEventId', 'The same in the URL. The header wins.'),
    query('from', 'start: no lines in the snapshot, and all of the log after it.'),
    query('ticket', 'From POST /v1/tickets, for the native EventSource.'),
  ],
  responses: {
    200: { description: 'The stream', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    204: { description: 'The run has finished, and all of it has been received' },
    default: PROBLEM,
  },
};

/** Its credential is in its address. */
export const artifactOperation = {
  summary: "Go to where a run's artifact is kept. Addresses stand in the run, and end after an hour or two.",
  description: 'For: Whoever has the signed address.',
  tags: ['Runs'],
  operationId: 'getRunArtifact',
  security: [],
  parameters: [
    path('id', 'The run.'),
    path('name', 'The artifact.'),
    query('exp', 'When the address ends.'),
    query('sig', 'Its signature.'),
  ],
  responses: { 302: { description: 'There it is' }, default: PROBLEM },
};

function path(name: string, description: string) {
  return { name, in: 'path', required: true, schema: { type: 'string' }, description };
}

function header(name: string, description: string) {
  return { name, in: 'header', required: false, schema: { type: 'string' }, description };
}

function query(name: string, description: string) {
  return { name, in: 'query', required: false, schema: { type: 'string' }, description };
}
