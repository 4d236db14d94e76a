import type { EventInput, NotificationInput } from '@belfry/client/publisher';
import type { Deliveries, ServiceNotification } from '@belfry/protocol';
import { Api } from './api.ts';
import { exactJson } from './exact-json.ts';
import { Gatherer } from './notifications/gatherer.ts';
import type { BelfryOptions, CallOptions, CreateOptions } from './options.ts';
import { filterQuery } from './query.ts';
import { ask } from './questions/ask.ts';
import type { ClosedQuestion, QuestionInput } from './questions/input.ts';
import { type Questions, questionsOf } from './questions/questions.ts';
import { type FollowOptions, follow, type RunEvent } from './runs/follow.ts';
import type { RunInput } from './runs/input.ts';
import type { ReportOptions, RunHandle } from './runs/run-handle.ts';
import { begin, type Runs, runsOf } from './runs/runs.ts';

/**
 * Belfry as a service uses it. Calls are retried while the server is away or busy, and those that create something
 * under an Idempotency-Key, so that nothing is stored twice. Each throws a RequestError with the server's `problem`.
 */
export interface Belfry extends AsyncDisposable {
  /**
   * Sends a notification. Calls made together are sent together, and each has its own result: one that is refused does
   * not touch the others. With a key of yours it is sent by itself.
   */
  notify: (notification: NotificationInput, options?: CreateOptions) => Promise<ServiceNotification>;
  /** At most 1,000, all or nothing, in one step. */
  notifyMany: (
    notifications: readonly NotificationInput[],
    options?: CreateOptions,
  ) => Promise<readonly ServiceNotification[]>;
  /** One of the app's own events; answers its cursor. */
  publish: (event: EventInput, options?: CreateOptions) => Promise<{ cursor: string }>;
  /**
   * Asks, and waits until somebody answers, the time is over or it is cancelled: see `status`. With a key of yours a
   * process that was started anew goes on waiting for the same question, if it asks the same. `signal` ends the
   * waiting, and leaves the question open.
   */
  ask: (question: QuestionInput, options?: CreateOptions) => Promise<ClosedQuestion>;
  readonly questions: Questions;
  /** Begins a run, which is then running. With a key of yours a process that was started anew goes on with its run. */
  run: (run: RunInput, options?: CreateOptions & ReportOptions) => Promise<RunHandle>;
  readonly runs: Runs;
  /** A run as it goes: its lines and changes, until it is done. */
  follow: (runId: string, options?: FollowOptions) => AsyncGenerator<RunEvent, void, void>;
  /** Gives a person a topic, a `topic:` prefix that ends in `*`, or a role. */
  grant: (channel: string, user: string, options?: CallOptions) => Promise<void>;
  /** Takes it back, also from tokens issued before now. */
  revoke: (channel: string, user: string, options?: CallOptions) => Promise<void>;
  /** Takes a topic or a role from everybody. */
  revokeChannel: (channel: string, options?: CallOptions) => Promise<void>;
  /** What became of a notification: counts for each channel, and a page of recipients. */
  deliveries: (id: string, page?: { limit?: number; cursor?: string }, options?: CallOptions) => Promise<Deliveries>;
  /** Sends what waits, then ends whatever is still under way: waits for answers, runs that are followed, heartbeats. */
  close: () => Promise<void>;
}

/** @throws BelfryError `invalid` where `url` or `apiKey` is missing or can't be one. */
export function createBelfry(options: BelfryOptions): Belfry {
  const api = new Api(options);
  const gatherer = new Gatherer(api);
  const close = async (): Promise<void> => {
    const sent = Promise.all([gatherer.flush(), api.flush()]);
    await Promise.race([sent, api.pause(api.retryForMs)]).catch(() => {});
    api.stop();
  };
  return {
    notify: async (notification, given = {}) => {
      if (given.idempotencyKey === undefined) return gatherer.add(notification, given.signal);
      return api.create('/v1/notifications', exactJson(notification), given);
    },
    notifyMany: async (notifications, given) => {
      const json = exactJson({ notifications });
      const answer = await api.create<{ notifications: ServiceNotification[] }>('/v1/notifications/batch', json, given);
      return answer.notifications;
    },
    publish: async (event, given) => api.create('/v1/events', exactJson(event), given),
    ask: (question, given = {}) => ask(api, question, given),
    questions: questionsOf(api),
    run: (run, given) => begin(api, run, given),
    runs: runsOf(api),
    follow: (id, given) => follow(api, id, given),
    ...accessOf(api),
    deliveries: (id, page = {}, { signal } = {}) =>
      api.call(`/v1/notifications/${encodeURIComponent(id)}/deliveries`, { query: filterQuery(page), signal }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function accessOf(api: Api): Pick<Belfry, 'grant' | 'revoke' | 'revokeChannel'> {
  return {
    grant: async (channel, user, { signal } = {}) => {
      await api.call('/v1/memberships', { method: 'PUT', body: { channel, user }, signal });
    },
    revoke: async (channel, user, { signal } = {}) => {
      await api.call('/v1/memberships', { method: 'DELETE', query: { channel, user }, signal });
    },
    revokeChannel: async (channel, { signal } = {}) => {
      await api.call('/v1/channels', { method: 'DELETE', query: { name: channel }, signal });
    },
  };
}
