import type { Run, RunLine, RunStatus } from '@belfry/protocol';
import { ago } from '../fixed-clock.ts';

let made = 0;

export function run(status: RunStatus, given: Partial<Run> = {}): Run {
  made += 1;
  const isOver = ['succeeded', 'failed', 'cancelled', 'interrupted'].includes(status);
  return {
    id: `r${made}`,
    kind: 'build',
    title: 'Build and test the web app',
    subject: null,
    status,
    progress: null,
    message: null,
    result: null,
    artifacts: [],
    createdAt: ago(300),
    startedAt: status === 'queued' ? null : ago(254),
    finishedAt: isOver ? ago(12) : null,
    updatedAt: ago(5),
    data: null,
    ...given,
  };
}

const TEXTS = [
  ['info', '$ npm run build'],
  ['debug', 'resolved 1,204 modules in 340 ms'],
  ['info', 'src/pages/orders.tsx → dist/orders.js  18.2 kB'],
  ['info', '  ✓ keeps the cart when the page is left'],
  ['warn', 'warning: "sum" is imported but never used in src/cart/total.ts:14:10'],
  [
    'error',
    'error TS2322: Type "string" is not assignable to type "number". src/cart/total.ts:31:5, expected one of the overloads of reduce',
  ],
  ['info', ''],
] as const;

export function lines(count: number, first = 1): RunLine[] {
  return Array.from({ length: count }, (_, at) => {
    const [level, text] = TEXTS[(first + at) % TEXTS.length]!;
    return { n: first + at, time: ago(200), level, text };
  });
}
