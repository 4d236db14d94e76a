import type { Random } from '@belfry/contract-tests/random';
import { shown, table } from '../report/table.ts';
import type { Costs } from './costs.ts';
import { mostOfOne, type Size } from './sizing.ts';
import { type Storm, stormOf } from './storm.ts';

export interface Simulated {
  sizes: readonly Size[];
  costs: Costs;
  random: Random;
  /** That repeats it. */
  command: string;
}

/** Streams that a storm is played with, one by one. */
const STORM_STREAMS = 200_000;

export function simulationMarkdown({ sizes, costs, random, command }: Simulated): string {
  return [
    '# Past one machine: simulated',
    '',
    '<!-- Written by the simulation; edits are lost. -->',
    '',
    `By \`${command}\`, from the figures of [RESULTS.md](RESULTS.md). What it takes for granted is in [docs/scaling.md](../docs/scaling.md).`,
    '',
    '## What one of each costs',
    '',
    ...costLines(costs),
    '',
    '## How many',
    '',
    ...sizeLines(sizes, costs),
    '',
    '## A storm in the busiest cell',
    '',
    ...stormLines(sizes, costs, random),
    '',
    '## The bus is away',
    '',
    ...lossLines(sizes),
    '',
  ].join('\n');
}

function costLines(costs: Costs): string[] {
  const rows: [what: string, figure: number, digits: number][] = [
    ['CPU of a process, a notification by a request of its own, µs', costs.publish, 0],
    ['CPU of Postgres for it, µs', costs.store, 0],
    ['CPU of another process that hears of it and delivers it, µs', costs.hear, 0],
    ['CPU of each further delivery, µs', costs.deliver, 1],
    ['CPU of an idle stream, µs a second', costs.idle, 2],
    ['CPU of a connect with `state`, µs', costs.connect, 0],
    ['queries of a connect', costs.queriesPerConnect, 2],
    ['resident memory of a stream, kB', costs.kilobytes, 1],
    ['bytes of a delivery', costs.bytes, 0],
    ['notifications a second that one log took, in batches', costs.logPerSecond, 0],
  ];
  return table(
    ['', 'measured'],
    rows.map(([what, figure, digits]) => [what, shown(figure, digits)]),
  );
}

function sizeLines(sizes: readonly Size[], costs: Costs): string[] {
  return inColumns(sizes, [
    ['publishes a second', ({ world }) => whole(world.publishes)],
    ['tenants', ({ world }) => whole(world.tenants)],
    ['the largest: streams', ({ largest }) => whole(largest.connections)],
    ['the largest: publishes a second', ({ largest }) => whole(largest.publishes)],
    [`tenants with more than ${whole(mostOfOne(costs))} publishes a second, split`, ({ tooLarge }) => whole(tooLarge)],
    ['cells (a Postgres and a bus each)', ({ cells }) => whole(cells)],
    ['processes, a core each', ({ processes }) => whole(processes)],
    ['cores they are busy with', ({ processCores }) => shown(processCores, 1)],
    ['cores that Postgres is busy with', ({ postgresCores }) => shown(postgresCores, 1)],
    ['memory of streams, GB', ({ gigabytes }) => shown(gigabytes, 0)],
    ['deliveries a second', ({ deliveries }) => whole(deliveries)],
    ['busiest cell: processes', ({ busiest }) => whole(busiest.processes)],
    [
      'busiest cell: bus messages a second that a process hears',
      ({ busiest }) => whole(busiest.heard / busiest.processes),
    ],
    ['busiest cell: publishes a second', ({ busiest }) => whole(busiest.publishes)],
  ]);
}

function stormLines(sizes: readonly Size[], costs: Costs, random: Random): string[] {
  const row = (label: string, lost: (processes: number) => number) =>
    sizes.map((size) => {
      const { all, most, refused } = stormOf(stormIn(size, costs, lost), random.fork(`storm ${label}`));
      return `${shown(most, 1)} / ${shown(all, 1)} s, ${shown(refused, 2)}`;
    });
  return [
    'Until 99 % and all of the lost streams are back, and how often each was turned away.',
    '',
    ...table(
      ['lost', ...sizes.map(titleOf)],
      [
        ['one process', ...row('one', () => 1)],
        ['a third of them', ...row('third', (processes) => processes / 3)],
        ['all, and started again', ...row('all', (processes) => processes)],
      ],
    ),
  ];
}

/** Those that are left, or all where all were started again, take them in beside their usual work. */
function stormIn({ busiest }: Size, costs: Costs, lostOf: (processes: number) => number): Storm {
  const { processes, connections, processCores } = busiest;
  const lost = Math.min(processes, Math.max(1, lostOf(processes)));
  const left = lost === processes ? processes : processes - lost;
  const streams = (connections * lost) / processes;
  const perSecond = (Math.max(0.05, left - processCores) * 1_000_000) / costs.connect;
  // Played with fewer streams at as many fewer a second, the time is the same.
  const scale = Math.min(1, STORM_STREAMS / streams);
  return { streams: Math.round(streams * scale), perSecond: perSecond * scale };
}

function lossLines(sizes: readonly Size[]): string[] {
  return inColumns(sizes, [
    ['busiest cell: questions for the heads of logs, a second', ({ busiest }) => whole(busiest.processes)],
    ['busiest cell: pages of logs read, a second', ({ busiest }) => whole(busiest.pages)],
    ['busiest cell: messages by the bus else', ({ busiest }) => whole(busiest.heard)],
  ]);
}

function inColumns(sizes: readonly Size[], rows: [label: string, of: (size: Size) => string][]): string[] {
  return table(
    ['streams', ...sizes.map(titleOf)],
    rows.map(([label, of]) => [label, ...sizes.map(of)]),
  );
}

function titleOf({ world }: Size): string {
  const millions = world.connections / 1_000_000;
  return Number.isInteger(millions) ? `${whole(millions)} million` : whole(world.connections);
}

function whole(value: number): string {
  return shown(value, 0);
}
