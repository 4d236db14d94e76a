// The generator: a process of its own, on a core of its own, told what to do by the main process.

import type { Figures } from '../figures.ts';
import { peerNamed } from '../peers/index.ts';
import { isYardstick } from '../peers/peer.ts';
import { scenarioNamed } from '../scenarios/index.ts';
import type { Phase, Wish } from '../scenarios/scenario.ts';
import type { Job, Report } from './job.ts';

async function work({ scenario, peer: name, ...ground }: Job): Promise<Figures> {
  const peer = peerNamed(name);
  const plan = scenarioNamed(scenario);
  if (peer === undefined || isYardstick(peer) || plan === undefined) {
    throw new Error(`There is no ${scenario} for ${name}.`);
  }
  const wire = plan.isToAll ? (peer.wireToAll ?? peer.wire) : peer.wire;
  return plan.run({ ...ground, wire, ask, phase: async (phase) => void (await ask(phase)) });
}

function ask(wish: Wish | Phase): Promise<number> {
  return new Promise((resolve) => {
    process.once('message', ({ answer }: { answer: number }) => resolve(answer));
    tell({ wish });
  });
}

function tell(report: Report): void {
  process.send?.(report);
}

process.once('message', (job: Job) => {
  work(job)
    .then(
      (figures) => tell({ figures }),
      (error: Error) => tell({ failed: error.message }),
    )
    .finally(() => process.disconnect());
});
