import type { LinesCursor, LinesPage, RunAt } from '@belfry/core';
import { logName } from '@belfry/core';
import { isFinished, LIMITS, type RunLine } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadContext, ReadOp } from '../context.ts';
import { writtenData } from '../log/long-data.ts';
import { checkAt, findLog, headOf } from '../log/position.ts';
import { visibleRun } from './run-list.ts';
import { runOf } from './run-row.ts';
import { LINES } from './runs.ts';

/** Batches looked at in one go: large ones are read only as far as they are needed. */
const CHUNK = 32;

export const runLines: ReadOp<'runLines'> = async (context, { log: name, before, limit }) => {
  const log = await findLog(context, name);
  return log === null ? NO_LINES : newestLines(context, log, before, limit);
};

/** The position of a finished run is that before its last entry: whoever comes back with it is told the end. */
export const runAt: ReadOp<'runAt'> = async (context, { tenant, reader, id, lines }): Promise<RunAt | null> => {
  const row = await visibleRun(context, tenant, reader, id);
  if (row === null) return null;
  const log = await findLog(context, logName({ tenant, run: id }));
  const head = await headOf(context, log);
  const page = log === null || lines === 0 ? NO_LINES : await newestLines(context, log, null, lines);
  const run = runOf(row);
  if (log === null || !isFinished(run.status)) return { run, ...page, at: head, end: null };
  const check = await checkAt(context, log, head.n - 1);
  return { run, ...page, at: check === null ? head : { n: head.n - 1, check }, end: head };
};

const NO_LINES: LinesPage = { lines: [], earlier: null };

async function newestLines(
  context: ReadContext,
  log: number,
  before: LinesCursor | null,
  limit: number,
): Promise<LinesPage> {
  const page = new PageOfLines(before, limit);
  for (let n = before?.n ?? Number.MAX_SAFE_INTEGER; ; ) {
    const batches = await batchesUpTo(context, log, n);
    for (const batch of batches) if (!page.take(batch.n, linesIn(batch.data))) return page.ended;
    if (batches.length < CHUNK) return page.ended;
    n = (batches.at(-1) as Batch).n - 1;
  }
}

interface Batch {
  n: number;
  data: string;
}

async function batchesUpTo(context: ReadContext, log: number, upTo: number): Promise<Batch[]> {
  const { rows } = await sql<Batch>`
    select e.n, ${writtenData(context)} as data from (
      select n from event_channels where log = ${log} and channel = ${LINES} and n <= ${upTo}
      order by n desc limit ${CHUNK}) as c
    join events e on e.log = ${log} and e.n = c.n order by e.n desc`.execute(context.db);
  return rows;
}

function linesIn(data: string): RunLine[] {
  return (JSON.parse(data) as { lines: RunLine[] }).lines;
}

/** Fills up from its end. */
class PageOfLines {
  readonly #limit: number;
  #below: number;
  readonly #lines: RunLine[] = [];
  #bytes = 0;
  #earlier: LinesCursor | null = null;

  constructor(before: LinesCursor | null, limit: number) {
    this.#limit = limit;
    this.#below = before?.line ?? Number.MAX_SAFE_INTEGER;
  }

  /** False once it is full. */
  take(n: number, batch: readonly RunLine[]): boolean {
    for (const line of batch.toReversed()) {
      if (line.n >= this.#below) continue;
      const isFull = this.#lines.length === this.#limit || this.#bytes >= LIMITS.linesBytes;
      if (isFull) this.#earlier = { n, line: this.#below };
      if (isFull) return false;
      this.#lines.push(line);
      this.#below = line.n;
      this.#bytes += Buffer.byteLength(line.text);
    }
    return true;
  }

  get ended(): LinesPage {
    return { lines: this.#lines.toReversed(), earlier: this.#earlier };
  }
}
