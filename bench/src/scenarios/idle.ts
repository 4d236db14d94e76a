import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import { endsOf } from '../generator/load.ts';
import { Subscribers } from '../generator/subscribers.ts';
import { cpuMs, residentKb } from '../processes/usage.ts';
import type { Ground, Scenario } from './scenario.ts';

/** Open before the first look at memory, so that what a process needs once is not counted for each connection. */
const FIRST = 500;
/** One heartbeat comes to every stream in this time. */
const WATCHED_SECONDS = 25;

export const idle: Scenario = {
  name: 'idle',
  about: ({ connections }) =>
    `${connections.toLocaleString('en')} people connect (each gets an empty state first, from peers that have one) and nothing happens but a heartbeat each in ${WATCHED_SECONDS} s. Resident memory over that of the first ${FIRST}, ${WATCHED_SECONDS} s after the last has connected; and again after a full garbage collection, which is what is really held. CPU in the ${WATCHED_SECONDS} s after that, by all threads; and in those right after connecting, which still collect what that has left behind.`,
  inFlight: [0],
  mostRounds: 2,
  limitMs: 300_000,
  peers: ['Belfry', 'nchan', 'better-sse', 'socket.io'],
  metrics: [
    { key: 'connectionKb', label: 'kB a connection, as it stands', digits: 1, better: 'lower' },
    { key: 'liveConnectionKb', label: 'kB a connection, after collection', digits: 1, better: 'lower' },
    { key: 'idleCpu', label: 'CPU for heartbeats, % of a core', digits: 1, better: 'lower' },
    { key: 'settlingCpu', label: 'CPU right after connecting, % of a core', digits: 1, better: 'lower' },
    { key: 'connectsPerSecond', label: 'connects/s', digits: 0, better: 'higher' },
    { key: 'cpuPerConnect', label: 'server CPU a connect, µs', digits: 0, better: 'lower' },
    { key: 'residentMb', label: 'server resident, MB', digits: 0, better: null },
  ],
  goals: [
    { peer: 'Belfry', key: 'connectionKb', is: 'at most', target: 10 },
    { peer: 'Belfry', key: 'connectionKb', is: 'at most', target: { share: 1, of: 'nchan' } },
    { peer: 'Belfry', key: 'idleCpu', is: 'at most', target: 3 },
  ],
  plots: [
    { kind: 'bars', key: 'connectionKb' },
    { kind: 'bars', key: 'idleCpu' },
  ],
  async run(ground) {
    const streams = new Subscribers(ground.wire, endsOf(ground)[1], () => {});
    try {
      return await Promise.race([measure(ground, streams), streams.failed]);
    } finally {
      streams.close();
    }
  },
};

async function measure(ground: Ground, streams: Subscribers): Promise<Figures> {
  const { settings, phase } = ground;
  const [{ pid: serverPid }] = endsOf(ground);
  await streams.open(FIRST);
  await phase('collect');
  const base = residentKb(serverPid);
  await phase('measuring');
  const connecting = await spent(serverPid, () => streams.open(settings.connections));
  const settling = await spent(serverPid, () => sleep(WATCHED_SECONDS * 1_000));
  await phase('measured');
  const standing = residentKb(serverPid);
  await phase('collect');
  const live = residentKb(serverPid);
  const watched = await spent(serverPid, () => sleep(WATCHED_SECONDS * 1_000));
  const added = settings.connections - FIRST;
  return {
    connectionKb: (standing - base) / added,
    liveConnectionKb: (live - base) / added,
    idleCpu: share(watched),
    settlingCpu: share(settling),
    connectsPerSecond: added / connecting.seconds,
    cpuPerConnect: (connecting.cpuMs * 1_000) / added,
    residentMb: standing / 1_024,
  };
}

interface Spent {
  seconds: number;
  cpuMs: number;
}

/** In percent of a core. */
function share({ seconds, cpuMs }: Spent): number {
  return cpuMs / seconds / 10;
}

async function spent(pid: number, work: () => Promise<unknown>): Promise<Spent> {
  const cpu = cpuMs(pid);
  const begun = performance.now();
  await work();
  return { seconds: (performance.now() - begun) / 1_000, cpuMs: cpuMs(pid) - cpu };
}
