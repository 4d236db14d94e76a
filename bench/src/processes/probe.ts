// Loaded into servers on Node ahead of their own code. It does nothing until the main process asks for something.
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { profileWorkers } from './probe-workers.ts';

export type ProbeWish = 'collect' | 'start cpu' | 'stop cpu' | 'start heap' | 'stop heap';

/** A profile a thread, by name, as V8's inspector writes it. Empty for the other wishes. */
export type ProbeAnswer = Record<string, unknown>;

// A worker thread loads this file too, where the server hands its flags on; only the main thread is asked.
const session = new Session();
let stopWorkers: (() => Promise<ProbeAnswer>) | null = null;

const wishes: Record<ProbeWish, () => Promise<ProbeAnswer>> = {
  collect: async () => {
    setFlagsFromString('--expose-gc');
    // The last resort gives emptied pages back as well, which an ordinary collection leaves for later.
    const collect = runInNewContext('gc') as (how: object) => void;
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    return {};
  },
  'start cpu': async () => {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 500 });
    await session.post('Profiler.start');
    stopWorkers = await profileWorkers(session);
    return {};
  },
  'stop cpu': async () => {
    const { profile } = await session.post('Profiler.stop');
    const workers = (await stopWorkers?.()) ?? {};
    session.disconnect();
    return { main: profile, ...workers };
  },
  'start heap': async () => {
    session.connect();
    await session.post('HeapProfiler.startSampling', { samplingInterval: 16_384 });
    return {};
  },
  // What is still alive when it stops, by where it was allocated.
  'stop heap': async () => {
    const { profile } = await session.post('HeapProfiler.stopSampling');
    session.disconnect();
    return { main: profile };
  },
};

process.on('message', (wish: ProbeWish | 'queries') => {
  // Answered by the file that counts them.
  if (wish === 'queries') return;
  void wishes[wish]().then(
    (answer) => process.send?.(answer),
    (error: Error) => process.send?.({ failed: error.message }),
  );
});
// The server ends when it wants to; this channel must not keep it.
process.channel?.unref();
