import { setTimeout as sleep } from 'node:timers/promises';
import { BelfryError } from '@belfry/protocol';
import type { JobState } from '../wire.ts';
import type { ServiceCalls } from './service-calls.ts';

const PAGES = 60;
const PAGE_MS = 200;
/** Progress is told less often than lines. */
const PAGES_A_STEP = 3;
const BLURRED = new Set([14, 37]);
/** A supervisor that is stopped midway leaves a run behind, which Belfry then ends as interrupted. */
const SILENT_FOR_S = 30;

/** A long job that reports itself as a run: its status, its progress, and a log line a page. */
export class Job {
  readonly #calls: ServiceCalls;
  readonly #onChange: (state: JobState) => void;
  #underWay = false;

  constructor(calls: ServiceCalls, onChange: (state: JobState) => void) {
    this.#calls = calls;
    this.#onChange = onChange;
  }

  get state(): JobState {
    return { underWay: this.#underWay };
  }

  /** Answers when the run is there; it goes on by itself. */
  async start(): Promise<void> {
    if (this.#underWay) throw new BelfryError('invalid', 'A run is under way. Wait until it is done.');
    this.#tell(true);
    try {
      const { id } = (await this.#calls.call('POST', '/v1/runs', newRun())) as { id: string };
      // Refused: somebody has cancelled it. Then there is nothing left to report.
      this.#report(`/v1/runs/${id}`)
        .catch(() => {})
        .finally(() => this.#tell(false));
    } catch (error) {
      this.#tell(false);
      throw error;
    }
  }

  async #report(run: string): Promise<void> {
    await this.#calls.call('PATCH', run, { status: 'running', progress: 0, message: 'Opening the box' });
    for (let page = 1; page <= PAGES; page += 1) {
      await sleep(PAGE_MS, undefined, { signal: this.#calls.stopped });
      await this.#calls.call('POST', `${run}/logs`, { lines: [lineOf(page)] });
      if (page % PAGES_A_STEP !== 0) continue;
      await this.#calls.call('PATCH', run, { progress: page / PAGES, message: `${page} of ${PAGES} pages` });
    }
    const message = `All ${PAGES} pages are in, ${BLURRED.size} of them blurred`;
    await this.#calls.call('PATCH', run, { status: 'succeeded', message, result: { pages: PAGES } });
  }

  #tell(underWay: boolean): void {
    this.#underWay = underWay;
    this.#onChange(this.state);
  }
}

function newRun(): object {
  return {
    to: ['user:ada', 'user:ben'],
    kind: 'demo.scan',
    title: 'Scan the recipe book',
    heartbeatTimeoutSeconds: SILENT_FOR_S,
  };
}

function lineOf(page: number): { text: string; level: string } {
  return BLURRED.has(page)
    ? { text: `Page ${page} is blurred, kept as it is`, level: 'warn' }
    : { text: `Page ${page} scanned`, level: 'info' };
}
