import { RequestError } from '@belfry/client/transport';
import { type Artifact, BelfryError, invalid, type Json, LIMITS, type Run, type RunStatus } from '@belfry/protocol';
import type { Api } from '../api.ts';
import { exactJson } from '../exact-json.ts';
import type { CallOptions, CreateOptions } from '../options.ts';
import { type FollowOptions, follow, type RunEvent } from './follow.ts';
import { beat } from './heartbeat.ts';
import type { LineInput, RunChange, RunInput } from './input.ts';
import { linesOf } from './lines.ts';
import { Reporter } from './reporter.ts';

export interface ReportOptions {
  /**
   * Told at once of what went wrong and nobody awaits: refused lines, changes and artifacts, and what ends the report
   * before its time. Without it `flush` and `finish` tell of the first, and `signal` of the end.
   */
  onError?: (error: unknown) => void;
}

type HandleOptions = Pick<RunInput, 'heartbeatTimeoutSeconds'> & ReportOptions;

/** Reports of one run. Calls that are not awaited are sent all the same, and never fail unheard: `finish` tells. */
export class RunHandle implements AsyncDisposable {
  readonly id: string;
  /** As it was when it began. */
  readonly begun: Run;
  readonly #api: Api;
  readonly #path: string;
  readonly #reporter: Reporter;
  readonly #ended = new AbortController();
  #artifacts: Promise<Artifact[]> | null = null;
  /** How it was said to end. */
  #endGiven: string | null = null;

  constructor(api: Api, begun: Run, { heartbeatTimeoutSeconds, onError }: HandleOptions) {
    this.id = begun.id;
    this.begun = begun;
    this.#api = api;
    this.#path = `/v1/runs/${encodeURIComponent(begun.id)}`;
    this.#reporter = new Reporter(api, this.#path, onError);
    if (heartbeatTimeoutSeconds == null) return;
    const until = AbortSignal.any([this.#ended.signal, this.signal, api.until(undefined)]);
    beat(api, this.#path, heartbeatTimeoutSeconds, until, (error) => this.#reporter.fail(error));
  }

  /**
   * Aborts when the run is over although its reporter did not end it: a person cancelled it, say. The reporter learns
   * it by its next call, or by its heartbeat.
   */
  get signal(): AbortSignal {
    return this.#reporter.failed;
  }

  /**
   * Adds to its log, in order. Lines are sent in batches; await it where they come faster than the server takes them:
   * with 64 MB waiting those that come are left out, and a line in the log says how many.
   *
   * @throws BelfryError `invalid`, at once, for what has no text, and for a level that is no word.
   */
  log(line: string | LineInput): Promise<void> {
    return this.#reporter.log(linesOf(line, new Date()));
  }

  /** From 0 to 1; null where it is not known. */
  progress(progress: number | null, message?: string | null): Promise<Run> {
    return this.update(message === undefined ? { progress } : { progress, message });
  }

  /** @throws BelfryError `invalid`, at once, for a progress that is not from 0 to 1. */
  update(change: RunChange): Promise<Run> {
    const { progress } = change;
    if (progress != null && !(progress >= 0 && progress <= 1)) {
      throw invalid('progress', `progress must be a number from 0 to 1, or null; it is ${progress}.`);
    }
    return this.#reporter.change(change);
  }

  /** Adds an artifact, or puts it in the place of the one with its name. */
  artifact(artifact: Artifact): Promise<Run> {
    return this.#reporter.tell(this.#addArtifact(artifact));
  }

  async #addArtifact(artifact: Artifact): Promise<Run> {
    exactJson(artifact);
    this.#artifacts ??= this.#api.call<Run>(this.#path).then((run) => run.artifacts);
    const artifacts = this.#artifacts.then((list) => [...list.filter(({ name }) => name !== artifact.name), artifact]);
    this.#artifacts = artifacts;
    try {
      return await this.#reporter.change({ artifacts: await artifacts });
    } catch (error) {
      // What was refused stands in that list: the next begins with what the server has.
      this.#artifacts = null;
      throw error;
    }
  }

  /** An event of your own to those who follow the run, after what was logged before it; answers its cursor. */
  async emit(type: string, data: Json, options?: CreateOptions): Promise<{ cursor: string }> {
    const json = exactJson({ type, data });
    await this.flush();
    return this.#api.create(`${this.#path}/events`, json, options);
  }

  /** Ends when all that was reported so far is stored. Throws what failed and nobody was told. */
  async flush(): Promise<void> {
    const untold = await this.#reporter.settle();
    if (untold !== null) throw untold.error;
  }

  /**
   * It succeeded. What was reported before is stored first; what of it was refused is thrown, and the run has ended.
   *
   * @throws BelfryError `run_finished` where it was given another end before; the same again is harmless.
   */
  finish(result: Json = null, message?: string | null): Promise<Run> {
    return this.#endAs('succeeded', { result, ...(message === undefined ? {} : { message }) });
  }

  /** It failed. Lines that were logged before are stored first. */
  fail(why: unknown): Promise<Run> {
    const message = why instanceof Error ? why.message || why.name : String(why);
    return this.#endAs('failed', { message: message.slice(0, LIMITS.runMessage) });
  }

  /** Ends it as cancelled, at once. */
  async cancel({ signal }: CallOptions = {}): Promise<Run> {
    const run = await this.#api.call<Run>(`${this.#path}/cancel`, { method: 'POST', signal });
    this.#ended.abort();
    this.#reporter.end();
    return run;
  }

  /** The run as it goes, for who reports it too. */
  follow(options?: FollowOptions): AsyncGenerator<RunEvent, void, void> {
    return follow(this.#api, this.id, options);
  }

  /** A run that is left without an end has failed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#endGiven !== null || this.#ended.signal.aborted || this.signal.aborted) return;
    await this.fail('Its process left it before its end.');
  }

  async #endAs(status: RunStatus, more: { result?: Json; message?: string | null }): Promise<Run> {
    const json = exactJson({ status, ...more });
    if (this.#endGiven !== null && this.#endGiven !== json) throw endedOtherwise();
    this.#endGiven = json;
    // What was refused must not keep the run from its end.
    const untold = await this.#reporter.settle();
    const run = await this.#tellEnd(json, status);
    this.#ended.abort();
    this.#reporter.end();
    if (untold !== null) throw untold.error;
    return run;
  }

  async #tellEnd(json: string, status: RunStatus): Promise<Run> {
    try {
      return await this.#api.call<Run>(this.#path, { method: 'PATCH', json });
    } catch (error) {
      const run = await this.#endedAlready(error, status).catch(() => null);
      if (run !== null) return run;
      // Another end may be taken.
      this.#endGiven = null;
      throw error;
    }
  }

  /** A try whose answer was lost may have ended it. */
  async #endedAlready(error: unknown, status: RunStatus): Promise<Run> {
    if (!(error instanceof RequestError) || error.code !== 'run_finished') throw error;
    const run = await this.#api.call<Run>(this.#path);
    if (run.status !== status) throw error;
    return run;
  }
}

function endedOtherwise(): BelfryError {
  return new BelfryError('run_finished', 'This run was given another end before, which stays. End a run once.');
}
