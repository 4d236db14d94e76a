import { setTimeout as sleep } from 'node:timers/promises';
import { endsOf } from '../generator/load.ts';
import { LOOK_MS, ready } from '../generator/ready.ts';
import { residentKb } from '../processes/usage.ts';
import type { Scenario } from './scenario.ts';

const IDLE_MS = 5_000;
/** Before the first kill: what a process keeps of its start for the next, it has kept by then. */
const BEFORE_MS = 3_000;
const STARTS = 5;

export const start: Scenario = {
  name: 'start',
  about: () =>
    `\`belfry serve\`, as built and having run for ${BEFORE_MS / 1_000} s before, is killed and started ${STARTS} times. From its start to the first \`GET /readyz\` that is answered with 200, asked every ${LOOK_MS} ms: the median. Then its resident memory after ${IDLE_MS / 1_000} s without anybody. Both with what Node itself takes.`,
  inFlight: [0],
  looks: 'none',
  peers: ['Belfry-built'],
  metrics: [
    { key: 'readyMs', label: 'from start to ready, ms', digits: 0, better: 'lower' },
    { key: 'residentMb', label: 'server resident when idle, MB', digits: 1, better: 'lower' },
  ],
  goals: [
    { peer: 'Belfry-built', key: 'readyMs', is: 'at most', target: 300 },
    { peer: 'Belfry-built', key: 'residentMb', is: 'at most', target: 100 },
  ],
  async run(ground) {
    const [address] = endsOf(ground);
    const times: number[] = [];
    let pid = 0;
    await sleep(BEFORE_MS);
    for (let count = 0; count < STARTS; count += 1) {
      await ground.ask('kill');
      const begun = performance.now();
      pid = await ground.ask('start');
      await ready(address);
      times.push(performance.now() - begun);
    }
    await sleep(IDLE_MS);
    return { readyMs: times.sort((a, b) => a - b)[STARTS >> 1] as number, residentMb: residentKb(pid) / 1_024 };
  },
};
