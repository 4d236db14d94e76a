import type { Peer } from './peers/peer.ts';
import { generate } from './processes/generator.ts';
import { RunningServer } from './processes/server.ts';
import type { RoundProfile } from './profile/profiles.ts';
import type { Case } from './results.ts';
import type { Figures } from './scenarios/scenario.ts';

/** Connecting, settling and collecting may take this long beside what is measured. */
const MARGIN_MS = 90_000;

/** One round: a fresh server with an empty store, a fresh generator, and both gone afterwards. */
export async function runRound(
  { scenario, settings }: Case,
  peer: Peer,
  profile: RoundProfile | null,
): Promise<Figures> {
  const server = await RunningServer.start(peer);
  try {
    const { address, pid } = server;
    const job = { scenario: scenario.name, peer: peer.name, address, serverPid: pid, settings };
    const limitMs = (settings.warmup + settings.seconds) * 1_000 + MARGIN_MS;
    const figures = await generate(job, limitMs, async (phase) => {
      if (phase === 'collect') await server.ask('collect');
      else await profile?.at(phase, server);
    });
    requireWhole(figures, `${scenario.name} with ${peer.name}`);
    return figures;
  } finally {
    await server.stop();
  }
}

/** Figures of a run that lost or doubled something are no figures. */
function requireWhole({ missing = 0, doubled = 0 }: Figures, what: string): void {
  if (missing === 0 && doubled === 0) return;
  throw new Error(`${what}: ${missing} deliveries are missing, ${doubled} came twice or to the wrong one.`);
}
