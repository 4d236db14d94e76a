import { expect, it } from 'vitest';
import { selfTimes, topLines } from '../src/profile/cpu-profile.ts';
import { liveBytes } from '../src/profile/heap-profile.ts';

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 9 });

it('adds up the time of each function itself and leaves out a waiting thread', () => {
  const nodes = [
    { id: 1, callFrame: frame('(idle)') },
    { id: 2, callFrame: frame('write', 'file:///here/packages/hub/src/turn.ts') },
    { id: 3, callFrame: frame('(program)') },
  ];
  const profile = { nodes, samples: [1, 2, 3, 2, 1], timeDeltas: [0, 9_000, 3_000, 1_000, 3_000] };
  expect(topLines(selfTimes(profile), 20)).toEqual([
    '100.0 %        7 ms  in all',
    ' 85.7 %        6 ms  write  hub/src/turn.ts:10',
    ' 14.3 %        1 ms  (program)',
  ]);
});

it('adds up what is alive by the function that allocated it', () => {
  const leaf = { callFrame: frame('make'), selfSize: 1_024, children: [] };
  const head = { callFrame: frame('(root)'), selfSize: 0, children: [leaf, { ...leaf, children: [leaf] }] };
  expect(liveBytes({ head }).byPlace.get('make')).toBe(3);
});
