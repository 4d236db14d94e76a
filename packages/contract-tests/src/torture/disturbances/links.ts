import type { TcpProxy, Way } from '../../faults/index.ts';
import { pause } from '../pause.ts';
import type { Random } from '../random.ts';
import type { Disturbance, Draw, Stage } from './disturbance.ts';

/** Which of a process's links. */
export type LinkKind = 'database' | 'bus';

/** Connections break; new ones are let through, or refused for a while. */
export function cut(kind: LinkKind): Draw {
  return (stage, random) => {
    const ms = random.chance(0.5) ? 0 : random.int(200, 3_000);
    return onLinks(stage, random, kind, ms === 0 ? 'cut' : `cut and refused for ${ms} ms`, async (links) => {
      for (const link of links) {
        if (ms > 0) link.refuse();
        link.cut();
      }
      await pause(ms);
    });
  };
}

/** Nothing passes, both ways or one, and nobody is told. */
export function stall(kind: LinkKind): Draw {
  return (stage, random) => {
    const ms = random.int(500, 6_000);
    const ways = random.pick<Way[]>([[], [], ['toServer'], ['toClient']]);
    return onLinks(stage, random, kind, `stalled ${ways.join()} for ${ms} ms`, async (links) => {
      for (const link of links) link.stall(...ways);
      await pause(ms);
    });
  };
}

/** Little passes, or late. */
export function slow(kind: LinkKind): Draw {
  return (stage, random) => {
    const ms = random.int(500, 4_000);
    const [rate, delayMs] = [random.int(40, 200) * 1_000, random.int(10, 150)];
    const isThrottled = random.chance(0.5);
    const what = isThrottled ? `throttled to ${rate} B/s` : `delayed by ${delayMs} ms`;
    return onLinks(stage, random, kind, `${what} for ${ms} ms`, async (links) => {
      for (const link of links) {
        if (isThrottled) link.throttle(rate);
        else link.delay(delayMs);
      }
      await pause(ms);
    });
  };
}

/** Everything arrives at the database, and its answers are late; then connections break, and these are lost. */
export const loseAnswers: Draw = (stage, random) => {
  const late = drawLate(random);
  return onLinks(stage, random, 'database', `${late.what}, then cut`, (links) => late.harm(links));
};

/** The application loses its own connections to the database, and with them answers to its COMMITs. */
export const loseApplicationAnswers: Draw = ({ cluster }, random) => {
  const late = drawLate(random);
  return {
    at: 'application',
    how: `the application's link to the database is ${late.what}, then cut`,
    async run() {
      await late.harm([cluster.application]);
      cluster.application.heal();
    },
  };
};

function drawLate(random: Random) {
  const [delayMs, ms] = [random.int(100, 400), random.int(500, 1_500)];
  return {
    what: `delayed by ${delayMs} ms toClient for ${ms} ms`,
    async harm(links: readonly TcpProxy[]) {
      for (const link of links) link.delay(delayMs, 'toClient');
      await pause(ms);
      for (const link of links) link.cut();
    },
  };
}

/** One process or all. */
function onLinks(
  { cluster }: Stage,
  random: Random,
  kind: LinkKind,
  what: string,
  harm: (links: TcpProxy[]) => Promise<void>,
): Disturbance {
  const nodes = random.chance(0.3) ? cluster.nodes : [random.pick(cluster.nodes)];
  const links = nodes.map((node) => node[kind]);
  const whose = nodes.length > 1 ? 'everyone' : nodes[0]?.name;
  return {
    at: `links to the ${kind}`,
    how: `the link of ${whose} to the ${kind} is ${what}`,
    async run() {
      await harm(links);
      for (const link of links) link.heal();
    },
  };
}
