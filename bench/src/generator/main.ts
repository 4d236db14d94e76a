// The generator: a process of its own, on a core of its own, told what to do by the main process.
import { peerNamed } from '../peers/index.ts';
import { scenarioNamed } from '../scenarios/index.ts';
import type { Figures, Phase } from '../scenarios/scenario.ts';
import type { Job, Report } from './job.ts';

async function work({ scenario, peer, address, serverPid, settings }: Job): Promise<Figures> {
  const wire = peerNamed(peer)?.wire;
  const plan = scenarioNamed(scenario);
  if (wire === undefined || plan === undefined) throw new Error(`There is no ${scenario} for ${peer}.`);
  return plan.run({ settings, wire, address, serverPid, phase });
}

function phase(name: Phase): Promise<void> {
  return new Promise((resolve) => {
    process.once('message', () => resolve());
    tell({ phase: name });
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
