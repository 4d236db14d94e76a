/** What of V8's .cpuprofile is read here. */
interface CpuProfile {
  nodes: { id: number; callFrame: CallFrame }[];
  samples: number[];
  /** Microseconds. */
  timeDeltas: number[];
}

export interface CallFrame {
  functionName: string;
  url: string;
  lineNumber: number;
}

/** Amounts by place, and what they are of. */
export interface Shares {
  byPlace: Map<string, number>;
  total: number;
  /** Says the total, such as "1,234 ms". */
  unit: string;
}

const IDLE = new Set(['(idle)']);

/** Time spent in each function itself. A waiting thread is not counted. */
export function selfTimes(profile: unknown): Shares {
  const { nodes, samples, timeDeltas } = profile as CpuProfile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byPlace = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || IDLE.has(frame.functionName)) continue;
    // A sample stands for the time until the next one.
    const ms = (timeDeltas[index + 1] ?? 0) / 1_000;
    total += ms;
    add(byPlace, placeOf(frame), ms);
  }
  return { byPlace, total, unit: 'ms' };
}

export function topLines({ byPlace, total, unit }: Shares, count: number): string[] {
  const sorted = [...byPlace].sort(([, a], [, b]) => b - a).slice(0, count);
  const lines = sorted.map(([place, amount]) => `${percent(amount, total)}  ${rounded(amount)} ${unit}  ${place}`);
  return [`100.0 %  ${rounded(total)} ${unit}  in all`, ...lines];
}

export function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

export function placeOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const file = url.replace(/^.*\/(packages|node_modules)\//, '').replace(/^file:\/\/.*\/bench\//, 'bench/');
  return `${name}  ${file}:${lineNumber + 1}`;
}

function percent(amount: number, total: number): string {
  return `${((amount / total) * 100).toFixed(1).padStart(5)} %`;
}

function rounded(amount: number): string {
  return Math.round(amount).toLocaleString('en').padStart(7);
}
