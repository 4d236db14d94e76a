import { Worker } from 'node:worker_threads';

export type ThreadName = 'writer' | 'reader';

/**
 * How long a worker without a database waits for the next one. Loading the code of one costs about half a second of CPU,
 * which a process that opens one database after the other, as tests do, need not pay each time. A last one ends by itself.
 */
const LINGER_MS = 250;

/** Each with its end, which taking it calls off. */
const spares: Record<ThreadName, Map<Worker, NodeJS.Timeout>> = { writer: new Map(), reader: new Map() };

/** A worker that has no database: one that was left, or a new one. */
export function takeWorker(name: ThreadName): Worker {
  const [spare] = spares[name].keys();
  if (spare === undefined) {
    return new Worker(threadFile(name), { name: `belfry-${name}`, execArgv: threadArguments() });
  }
  clearTimeout(spares[name].get(spare));
  spares[name].delete(spare);
  spare.ref();
  return spare;
}

/** Leaves a worker that has closed its database to whoever opens the next. It keeps no process alive. */
export function keepWorker(name: ThreadName, worker: Worker): void {
  const end = () => {
    spares[name].delete(worker);
    void worker.terminate();
  };
  worker.unref();
  spares[name].set(worker, setTimeout(end, LINGER_MS).unref());
}

/** `.ts` where the source is run as it is, `.js` where it was built. */
function threadFile(name: string): URL {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}-thread.${ending}`, import.meta.url);
}

/** node:sqlite and type stripping warn on some Node versions, which would only worry people. */
function threadArguments(): string[] {
  return ['--disable-warning=ExperimentalWarning', ...conditions(process.execArgv)];
}

/** A thread given arguments of its own does not inherit these, and without them finds no source of other packages. */
function conditions(flags: readonly string[]): string[] {
  return flags.flatMap((flag, index) => {
    if (flag.startsWith('--conditions=') || flag.startsWith('-C=')) return [flag];
    const next = flags[index + 1];
    return (flag === '--conditions' || flag === '-C') && next !== undefined ? [`--conditions=${next}`] : [];
  });
}
