// The generator: a process of its own, on a core of its own, told what to do by the main process.

import type { Figures } from '../figures.ts';
import { serverPeer } from '../peers/index.ts';
import { scenarioNamed } from '../scenarios/index.ts';
import type { Phase, Wish } from '../scenarios/scenario.ts';
import type { Job, Report } from './job.ts';

async function work({ scenario, ...given }: Job): Promise<Figures> {
  const peer = serverPeer(given.peer);
  const plan = scenarioNamed(scenario);
  if (plan === undefined) throw new Error(`There is no ${scenario}.`);
  const wire = plan.isToAll ? (peer.wireToAll ?? peer.wire) : peer.wire;
  return plan.run({ ...given, wire, ask, phase: async (phase) => void (await ask(phase)) });
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
