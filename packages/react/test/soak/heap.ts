// `npm run soak:heap -- --seed 7 --minutes 30`: whether random use leaves the page's heap, nodes and listeners where they
// were. After each round all that came is gone again, so what is left over is left behind.
import { parseArgs } from 'node:util';
import { TcpProxy } from '@belfry/contract-tests/faults';
import { objectBytes } from './objects.ts';
import { randomOf } from './random.ts';
import { Stage } from './stage.ts';
import { RandomUse } from './use.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, minutes: { type: 'string', default: '30' } },
});
const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
const STEPS = 60;
const USER = 'soak';
/** What a heap differs by from look to look. */
const SLACK = 1.02;

let proxy: TcpProxy | undefined;
const stage = await Stage.set(USER, '', async (port) => {
  proxy = await TcpProxy.start({ port });
  return proxy.port;
});
const use = new RandomUse(stage, proxy as TcpProxy, USER, randomOf(seed));

interface Left {
  heap: number;
  nodes: number;
  listeners: number;
}

async function round(): Promise<Left> {
  for (let step = 0; step < STEPS; step += 1) await use.step();
  await use.clean();
  // What was pulled down by a timer is gone after it: an undo, a toast, who was first.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  for (let time = 0; time < 3; time += 1) await stage.session.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners } = await stage.session.send('Memory.getDOMCounters');
  return { heap: await objectBytes(stage.session), nodes, listeners: jsEventListeners };
}

const began = performance.now();
const looks: Left[] = [];
while (performance.now() - began < minutes * 60_000 || looks.length < 12) {
  const left = await round();
  looks.push(left);
  console.log(
    `round ${looks.length}: heap ${(left.heap / 1e6).toFixed(2)} MB, ${left.nodes} nodes, ${left.listeners} listeners`,
  );
}
await stage.strike();
await proxy?.close();

// The first third fills what is bounded: the frames that a leader remembers, code that was compiled.
const third = Math.ceil(looks.length / 3);
const most = (some: readonly Left[], what: keyof Left): number => Math.max(...some.map((left) => left[what]));
const least = (some: readonly Left[], what: keyof Left): number => Math.min(...some.map((left) => left[what]));
for (const what of ['heap', 'nodes', 'listeners'] as const) {
  const before = most(looks.slice(0, third), what);
  const after = least(looks.slice(-third), what);
  console.log(`${what}: at most ${before} in the first third, at least ${after} in the last`);
  if (after > before * SLACK) process.exitCode = 1;
}
console.log(process.exitCode === 1 ? `It grew (seed ${seed}).` : `It is where it was (seed ${seed}).`);
