import type { Question, Run } from '@belfry/protocol';
import { type Belfry, type BelfryOptions, createBelfry } from '../../src/index.ts';
import { ManualEnvironment } from './manual-environment.ts';
import { afterTest, cursor, type Exchange, type ScriptedServer, startServer } from './scripted-server.ts';
import { until } from './until.ts';

export interface Opened {
  belfry: Belfry;
  environment: ManualEnvironment;
  server: ScriptedServer;
  stream: Exchange;
}

/** The server's clock when a stream of these tests begins. */
export const NOW = Date.parse('2026-01-01T12:00:00.000Z');

export interface Held {
  questions?: Question[];
  runs?: Run[];
  notifications?: object;
}

/** The client of person 42, live, with what `state` has. */
export async function open(held: Held = {}, frame: object = {}, options: Partial<BelfryOptions> = {}): Promise<Opened> {
  const server = await startServer();
  const environment = new ManualEnvironment();
  const belfry = createBelfry({ url: server.url, environment, ...options });
  afterTest(() => belfry.stop());
  belfry.start();
  const stream = await server.next();
  stream.connect({ serverTime: new Date(NOW).toISOString(), ...frame });
  state(stream, 10, held).live(10);
  await until(belfry.status, ({ value }) => value === 'live');
  return { belfry, environment, server, stream };
}

export function state(stream: Exchange, n: number, { questions = [], runs = [], notifications = {} }: Held): Exchange {
  const page = { items: [], unread: 0, unseen: 0, nextCursor: null, ...notifications };
  return stream.frame('state', cursor(n), { notifications: page, questions, runs });
}

export function question(n: number, fields: Partial<Question> = {}): Question {
  return {
    id: `q${n}`,
    message: `Question ${n}?`,
    description: null,
    schema: { type: 'object', properties: { value: { type: 'string' } }, required: ['value'] },
    subject: null,
    assignee: null,
    run: null,
    status: 'open',
    answerBy: 'person',
    askedBy: null,
    answer: null,
    createdAt: new Date(NOW + n).toISOString(),
    expiresAt: null,
    data: null,
    ...fields,
  };
}

export function run(n: number, fields: Partial<Run> = {}): Run {
  const at = new Date(NOW + n).toISOString();
  const empty = { subject: null, progress: null, message: null, result: null, artifacts: [], data: null };
  const times = { createdAt: at, startedAt: at, finishedAt: null, updatedAt: at };
  return { id: `r${n}`, kind: 'build', title: `Build ${n}`, status: 'running', ...empty, ...times, ...fields };
}
