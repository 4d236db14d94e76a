import type { Node } from '../cluster/node.ts';
import { pause } from '../pause.ts';
import type { Disturbance, Draw } from './disturbance.ts';

const MINUTE_MS = 60_000;
/** A commit may not come at all while the database is away. */
const CRASH_WITHIN_MS = 5_000;
/** For commits that are under way; then it must be gone. */
const STOP_WITHIN_MS = 20_000;

/** `kill -9`, in the middle of whatever it does. */
export const kill: Draw = ({ cluster }, random) => {
  const node = random.pick(cluster.nodes);
  return away(node, 'killed', random.int(0, 3_000), () => node.server.kill());
};

/** Killed right after the nth commit from now: nobody was told, not even the bus. */
export const crash: Draw = ({ cluster }, random) => {
  const node = random.pick(cluster.nodes);
  const commits = random.int(1, 20);
  return away(node, `killed after ${commits} commits`, random.int(0, 3_000), async () => {
    node.server.crashAfter(commits);
    const late = setTimeout(() => void node.server.kill(), CRASH_WITHIN_MS);
    await node.server.ended();
    clearTimeout(late);
  });
};

/** As it is done when a new version comes: SIGTERM. */
export const terminate: Draw = ({ cluster }, random) => {
  const node = random.pick(cluster.nodes);
  return away(node, 'ended by SIGTERM', random.int(0, 3_000), async () => {
    if (!(await node.server.stopWithin(STOP_WITHIN_MS))) throw new Error(`${node.name} did not end well by SIGTERM`);
  });
};

/** It stands still with all its connections open, perhaps in the middle of a transaction, and then goes on. */
export const freeze: Draw = ({ cluster }, random) => {
  const node = random.pick(cluster.nodes);
  const ms = random.int(500, 7_000);
  return {
    at: node.name,
    how: `${node.name} stands still for ${ms} ms`,
    async run() {
      node.server.pause();
      await pause(ms);
      node.server.resume();
    },
  };
};

/** Its own clock, or the database's as it sees it, is wrong by minutes, and then right again. */
export const clock: Draw = ({ cluster }, random) => {
  const node = random.pick(cluster.nodes);
  const [by, ms] = [random.int(-20, 20) * MINUTE_MS, random.int(1_000, 5_000)];
  const clocks = random.chance(0.5) ? { process: by, database: 0 } : { process: 0, database: by };
  return {
    at: node.name,
    aheadMs: by,
    how: `${node.name}: clocks wrong by ${JSON.stringify(clocks)} for ${ms} ms`,
    async run() {
      node.server.turnClocks(clocks);
      await pause(ms);
      node.server.turnClocks({ process: 0, database: 0 });
    },
  };
};

function away(node: Node, what: string, downMs: number, end: () => Promise<void>): Disturbance {
  return {
    at: node.name,
    how: `${node.name} is ${what} and stays away for ${downMs} ms`,
    async run() {
      node.server.prepare();
      try {
        await end();
      } finally {
        await pause(downMs);
        await node.start();
      }
    },
  };
}
