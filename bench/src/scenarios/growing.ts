import type { Figures } from '../figures.ts';
import { GrowthLoad } from '../generator/growth-load.ts';
import type { At, Cost } from './growth-costs.ts';
import { growthMetrics, keyAt, N_LOG_N, orderIn, SIZES } from './growth-sizes.ts';
import { loadMetrics } from './metrics.ts';
import type { Ground, Scenario } from './scenario.ts';

/** What grows, and what is done at each size of it. */
export interface Growing {
  name: string;
  about: string;
  peer: string;
  /** As people say it, and how much of it there is at a size. */
  of: string;
  amount: (size: number) => number;
  at: (ground: Ground, size: number) => At;
  /** Makes it so large, where so many notifications are stored. Gives how many it has stored. */
  grow?: (ground: Ground, size: number, stored: number) => Promise<number>;
  /** In this order. */
  costs: readonly Cost[];
}

const VERIFIED = ['verified', 'missing', 'doubled'];
/** Code that is new to V8 is compiled by then: at the smallest size, where least is done, it would be most of all. */
const FIRST = SIZES[1];
/** What a process needs once, it has then. */
const FEW = 100;

export function growing(plan: Growing): Scenario {
  const { name, about, peer, of, amount, costs } = plan;
  const count = (size: number) => `${amount(size).toLocaleString('en')} ${of}`;
  const amounts = SIZES.map((size) => amount(size).toLocaleString('en')).join(', ');
  return {
    name,
    about: () =>
      `How cost grows with ${of}: ${amounts}. ${about} CPU is that of the server. All of it is done once before it counts. The order is the power of it by which a cost grows, by the line that fits best on logarithmic axes, or by the last step alone where that is steeper; n log n comes to ${N_LOG_N}.`,
    inFlight: [0],
    limitMs: 400_000,
    peers: [peer],
    metrics: [
      ...costs.flatMap(({ key, label, unit }) => growthMetrics(key, `${label}, ${unit}`, count, unit === 'µs' ? 0 : 1)),
      ...loadMetrics(...VERIFIED),
    ],
    goals: costs.map(({ key }) => ({ peer, key: `${key}Order`, is: 'at most', target: N_LOG_N })),
    plots: [
      {
        ...{ kind: 'curves', name, title: `Cost by ${of}`, x: of, y: 'as named' },
        curves: costs.map(({ key, label, unit }) => ({
          ...{ peer, label: `${label}, ${unit}` },
          points: SIZES.map((size) => ({ x: amount(size), key: keyAt(key, size) })),
        })),
      },
    ],
    run: (ground) => measureGrowth(plan, ground),
  };
}

async function measureGrowth(plan: Growing, ground: Ground): Promise<Figures> {
  const { at, grow } = plan;
  const costs = plan.costs.filter(({ isOverFew }) => !isOverFew);
  const figures: Figures = Object.fromEntries(VERIFIED.map((key) => [key, 0]));
  Object.assign(figures, await measureOverFew(plan, ground));
  let { stored } = await costsAt(at(ground, FIRST), costs, ground);
  for (const size of SIZES) {
    stored += (await grow?.(ground, size, stored)) ?? 0;
    const { measured, ...more } = await costsAt(at(ground, size), costs, ground);
    stored += more.stored;
    for (const { key } of costs) figures[keyAt(key, size)] = measured[key] ?? Number.NaN;
    for (const key of VERIFIED) figures[key] = (figures[key] ?? 0) + (measured[key] ?? 0);
  }
  return Object.assign(figures, ...plan.costs.map(({ key }) => orderIn(figures, key)));
}

async function measureOverFew({ at, costs }: Growing, ground: Ground): Promise<Figures> {
  const wanted = costs.filter(({ isOverFew }) => isOverFew);
  if (wanted.length === 0) return {};
  const measureFew = () => costsAt({ ...at(ground, SIZES[0]), people: FEW }, wanted, ground);
  // What starting has left behind goes with the first.
  await measureFew();
  const few = await measureFew();
  const figures: Figures = {};
  for (const size of SIZES) {
    const { measured } = await costsAt(at(ground, size), wanted, ground);
    for (const { key } of wanted) figures[keyAt(key, size)] = (measured[key] ?? 0) - (few.measured[key] ?? 0);
  }
  return figures;
}

async function costsAt(at: At, costs: readonly Cost[], ground: Ground): Promise<{ measured: Figures; stored: number }> {
  const load = new GrowthLoad(ground, at.wire, at.people);
  try {
    const measured: Figures = {};
    for (const cost of costs) measured[cost.key] = await cost.measure(load, at);
    return { measured: { ...measured, ...load.tally() }, stored: load.stored };
  } finally {
    await load.close();
  }
}
