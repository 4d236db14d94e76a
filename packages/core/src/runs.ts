import {
  BelfryError,
  formatCursor,
  invalid,
  type Page,
  parseCursor,
  type Run,
  type RunLine,
  type RunSnapshotFrame,
} from '@belfry/protocol';
import type { LogLines, NewRun, RunEvent, RunPatch } from '@belfry/protocol/schemas';
import type { ArtifactLinks } from './artifact-links.ts';
import type { Clock } from './clock.ts';
import { newId } from './ids.ts';
import { logName } from './log-event.ts';
import { askerOf, type Principal, type Reader, readerOf } from './principal.ts';
import type { Published } from './published.ts';
import type { Recorder } from './recorder.ts';
import type { Idempotency } from './store/commit.ts';
import type { LinesCursor, NewRunLine, RunAt, RunChange, RunDraft, RunQuery } from './store/runs.ts';

/** Long jobs: what their reporters say, and what those who watch them see. */
export class Runs {
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #links: ArtifactLinks;

  constructor(recorder: Recorder, clock: Clock, links: ArtifactLinks) {
    this.#recorder = recorder;
    this.#clock = clock;
    this.#links = links;
  }

  async create(tenant: string, body: NewRun, idempotency?: Idempotency): Promise<Published<Run>> {
    const draft = runDraftOf(newId(this.#clock.now()), body);
    const { out, replayed } = await this.#recorder.commit('createRun', { tenant, draft }, idempotency);
    return { value: out.run, replayed };
  }

  /** @throws BelfryError `not_found`, `run_finished`, or `invalid` for a status that it can't go to. */
  async change(tenant: string, id: string, patch: RunPatch): Promise<Run> {
    const { out } = await this.#recorder.commit('changeRun', { tenant, id, change: changeOf(patch), reader: null });
    return out.run;
  }

  /** By a service, or by a person who can see it. */
  async cancel(principal: Principal, id: string): Promise<Run> {
    const input = { tenant: principal.tenant, id, change: { status: 'cancelled' } as const };
    const { out } = await this.#recorder.commit('changeRun', { ...input, reader: this.#reader(principal) });
    return this.#shown(principal, out.run);
  }

  async log(tenant: string, run: string, lines: LogLines, idempotency?: Idempotency): Promise<Published<Cursor>> {
    const input = { log: logName({ tenant, run }), lines: newLines(lines) };
    const { out, replayed } = await this.#recorder.commit('appendLines', input, idempotency);
    return { value: out, replayed };
  }

  async emit(tenant: string, run: string, event: RunEvent, idempotency?: Idempotency): Promise<Published<Cursor>> {
    const input = { log: logName({ tenant, run }), type: event.type, data: JSON.stringify(event.data) };
    const { out, replayed } = await this.#recorder.commit('emitInRun', input, idempotency);
    return { value: out, replayed };
  }

  async beat(tenant: string, run: string): Promise<void> {
    await this.#recorder.commit('beat', { log: logName({ tenant, run }) });
  }

  async list(principal: Principal, query: RunQuery): Promise<Page<Run>> {
    const input = { tenant: principal.tenant, reader: this.#reader(principal), query };
    const { items, nextCursor } = await this.#recorder.store.read('runs', input);
    const shown = await Promise.all(items.map((run) => this.#shown(principal, run)));
    return { items: shown, nextCursor };
  }

  /** @throws BelfryError `not_found`, also for what the person can't see. */
  async get(principal: Principal, id: string): Promise<Run> {
    const input = { tenant: principal.tenant, reader: this.#reader(principal), id };
    const run = await this.#recorder.store.read('run', input);
    if (run === null) throw noRun();
    return this.#shown(principal, run);
  }

  /** @throws BelfryError `not_found`; `invalid` for what is no cursor of lines. */
  async lines(principal: Principal, id: string, cursor: string | undefined, limit: number): Promise<Page<RunLine>> {
    const before = cursor === undefined ? null : this.#linesCursor(cursor);
    const log = logName({ tenant: principal.tenant, run: id });
    const { lines, earlier } = await this.#recorder.store.read('runLines', {
      log,
      before,
      limit,
      asker: askerOf(principal),
    });
    // After the lines: whatever was written after they lost it is not among what they are shown.
    await this.get(principal, id);
    return { items: lines, nextCursor: this.#cursorOf(earlier) };
  }

  /** What a run's stream begins with, as this principal sees it. @throws BelfryError `not_found`. */
  async at(principal: Principal, id: string, lines: number): Promise<{ frame: RunSnapshotFrame; at: RunAt }> {
    const input = { tenant: principal.tenant, reader: this.#reader(principal), id, lines };
    const at = await this.#recorder.store.read('runAt', input);
    if (at === null) throw noRun();
    const run = await this.#shown(principal, at.run);
    return { frame: { run, logs: at.lines, logsCursor: this.#cursorOf(at.earlier) }, at };
  }

  /** Where the address of an artifact leads that we have signed. @throws BelfryError `forbidden`, `expired`, `not_found`. */
  async artifactUrl(id: string, name: string, exp: string, sig: string): Promise<string> {
    await this.#links.verify(id, name, exp, sig);
    const run = await this.#recorder.store.read('runAnywhere', { id });
    const found = run?.artifacts.find((one) => one.name === name);
    if (found === undefined) throw new BelfryError('not_found', 'This artifact is no longer there.');
    return found.url;
  }

  async #shown(principal: Principal, run: Run): Promise<Run> {
    if (principal.kind === 'service') return run;
    await this.#links.ready();
    return this.#links.shown(run);
  }

  #reader(principal: Principal): Reader | null {
    return principal.kind === 'service' ? null : readerOf(principal, this.#clock.now());
  }

  /** In the shape of any cursor; its check value is the line, which no event's can be mistaken for. */
  #cursorOf(earlier: LinesCursor | null): string | null {
    if (earlier === null) return null;
    return formatCursor(this.#recorder.store.epoch, { n: earlier.n, check: `l${earlier.line.toString(36)}` });
  }

  #linesCursor(text: string): LinesCursor {
    const cursor = parseCursor(text);
    const line = Number.parseInt(cursor?.check.slice(1) ?? '', 36);
    const isOurs = cursor !== null && cursor.epoch === this.#recorder.store.epoch && cursor.check.startsWith('l');
    if (isOurs && Number.isSafeInteger(line)) return { n: cursor.n, line };
    throw invalid('cursor', 'cursor names no place in this log. Take it from logsCursor or nextCursor, as it is.');
  }
}

type Cursor = { cursor: string };

/** With every field set; absent is null. */
export function runDraftOf(id: string, body: NewRun): RunDraft {
  const { to, kind, title, subject, data, heartbeatTimeoutSeconds: seconds } = body;
  const timeoutMs = millisecondsOf(seconds ?? null);
  return { id, to, kind, title, subject: subject ?? null, data: data ?? null, timeoutMs } as RunDraft;
}

export function changeOf({ heartbeatTimeoutSeconds: seconds, ...patch }: RunPatch): RunChange {
  const change = { ...patch, timeoutMs: seconds === undefined ? undefined : millisecondsOf(seconds) };
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as RunChange;
}

function millisecondsOf(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1_000);
}

export function newLines(lines: LogLines): NewRunLine[] {
  return lines.map(({ text, level = 'info', time = null }) => ({ text, level, time }));
}

export function noRun(): BelfryError {
  return new BelfryError('not_found', 'There is no such run here.');
}
