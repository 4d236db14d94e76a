import { add, type CallFrame, placeOf, type Shares } from './cpu-profile.ts';

/** What of V8's sampling heap profile is read here. */
interface HeapNode {
  callFrame: CallFrame;
  /** Bytes allocated here, an estimate from samples. */
  selfSize: number;
  children: HeapNode[];
}

/** What is still alive, by the function that allocated it. */
export function liveBytes(profile: unknown): Shares {
  const byPlace = new Map<string, number>();
  let total = 0;
  const waiting = [(profile as { head: HeapNode }).head];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    total += node.selfSize / 1_024;
    add(byPlace, placeOf(node.callFrame), node.selfSize / 1_024);
    waiting.push(...node.children);
  }
  return { byPlace, total, unit: 'kB' };
}
