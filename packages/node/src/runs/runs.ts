import type { Page, Run, RunLine } from '@belfry/protocol';
import type { Api } from '../api.ts';
import { exactJson } from '../exact-json.ts';
import type { CallOptions, CreateOptions } from '../options.ts';
import { filterQuery } from '../query.ts';
import type { RunFilter, RunInput } from './input.ts';
import { type ReportOptions, RunHandle } from './run-handle.ts';

export type TakeOptions = CallOptions & Pick<RunInput, 'heartbeatTimeoutSeconds'> & ReportOptions;

export interface Runs {
  /** Stored and left in the queue, as for another process that takes it up with `take`. */
  queue: (run: RunInput, options?: CreateOptions) => Promise<Run>;
  /** Takes up a run that is stored already, and says that it is running. */
  take: (id: string, options?: TakeOptions) => Promise<RunHandle>;
  get: (id: string, options?: CallOptions) => Promise<Run>;
  /** Newest first. */
  list: (filter?: RunFilter, options?: CallOptions) => Promise<Page<Run>>;
  /** In reading order: the newest, or with `cursor` those before it. `limit` up to 1,000. */
  lines: (id: string, page?: { limit?: number; cursor?: string }, options?: CallOptions) => Promise<Page<RunLine>>;
  cancel: (id: string, options?: CallOptions) => Promise<Run>;
}

export function runsOf(api: Api): Runs {
  return {
    queue: async (run, options) => api.create('/v1/runs', exactJson(run), options),
    take: async (id, options = {}) => {
      const { signal, heartbeatTimeoutSeconds } = options;
      // What is undefined is not sent, and stays as it was queued.
      const body = { status: 'running', heartbeatTimeoutSeconds };
      const running = await api.call<Run>(pathOf(id), { method: 'PATCH', body, signal });
      return new RunHandle(api, running, options);
    },
    get: (id, { signal } = {}) => api.call(pathOf(id), { signal }),
    list: ({ kind, ...filter } = {}, { signal } = {}) =>
      api.call('/v1/runs', { query: { ...filterQuery(filter), kind }, signal }),
    lines: (id, page = {}, { signal } = {}) => api.call(`${pathOf(id)}/logs`, { query: filterQuery(page), signal }),
    cancel: (id, { signal } = {}) => api.call(`${pathOf(id)}/cancel`, { method: 'POST', signal }),
  };
}

/** Stores a run and says that it is running. */
export async function begin(api: Api, run: RunInput, options: CreateOptions & ReportOptions = {}): Promise<RunHandle> {
  const runs = runsOf(api);
  const { id } = await runs.queue(run, options);
  const { heartbeatTimeoutSeconds = null } = run;
  return runs.take(id, { ...options, heartbeatTimeoutSeconds });
}

function pathOf(id: string): string {
  return `/v1/runs/${encodeURIComponent(id)}`;
}
