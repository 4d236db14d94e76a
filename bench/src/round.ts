import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Figures } from './figures.ts';
import { isYardstick, type Peer, type ServerPeer, type ServiceUrls } from './peers/peer.ts';
import { commitTimes } from './processes/commit-times.ts';
import { generate } from './processes/generator.ts';
import { GENERATOR_CORE, SERVER_CORE } from './processes/pinning.ts';
import { RunningServer } from './processes/server.ts';
import type { RoundProfile } from './profile/profiles.ts';
import type { Case } from './report/results.ts';
import type { Phase, Wish } from './scenarios/scenario.ts';
import { releaseServices, servicesFor } from './services/services.ts';

/** Each time that a scenario wants larger tables. */
const GROWTH = 4;
/** Connecting, settling and collecting may take this long beside what is measured. */
const MARGIN_MS = 90_000;

/** One round: an empty store, fresh servers and a fresh generator, all gone afterwards. Services go on running. */
export async function runRound(one: Case, peer: Peer, profile: RoundProfile | null): Promise<Figures> {
  const services = await servicesFor(peer.services);
  try {
    if (isYardstick(peer)) return await peer.measure(services, one.settings);
    return await measureServers(one, peer, services, profile);
  } finally {
    await releaseServices(services);
  }
}

async function measureServers(
  { scenario, settings }: Case,
  peer: ServerPeer,
  services: ServiceUrls,
  profile: RoundProfile | null,
): Promise<Figures> {
  const servers: RunningServer[] = [];
  try {
    const { looks = 'probe', servers: wanted = 1, isSpread = false } = scenario;
    while (servers.length < wanted) {
      const core = isSpread && servers.length > 0 ? GENERATOR_CORE : SERVER_CORE;
      servers.push(await RunningServer.start(peer, services, looks, core));
    }
    const at = servers.map(({ address, pid }) => ({ ...address, pid }));
    const job = { scenario: scenario.name, peer: peer.name, servers: at, services, settings };
    const limitMs = (settings.warmup + settings.seconds) * 1_000 + (scenario.limitMs ?? MARGIN_MS);
    await settleDisk();
    const commits = commitTimes();
    const figures = await generate(job, limitMs, (wish) => grant(wish, servers, profile));
    requireWhole(figures, `${scenario.name} with ${peer.name}`);
    return { ...commits, ...figures };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/**
 * What was written until now would be written to the disk half a minute later, in the midst of the round: 19 MB of it
 * were seen to hold up a commit for 50 ms.
 */
async function settleDisk(): Promise<void> {
  await promisify(execFile)('sync');
}

async function grant(wish: Wish | Phase, servers: readonly RunningServer[], profile: RoundProfile | null) {
  const [first] = servers as [RunningServer];
  if (wish === 'kill') return first.kill();
  if (wish === 'start') return first.startAgain();
  if (wish === 'grow') return first.grow(GROWTH);
  if (wish === 'queries') return first.queries();
  if (wish !== 'collect') await profile?.at(wish, servers);
  else await Promise.all(servers.map((server) => server.ask('collect')));
  return 0;
}

/** Figures of a run that lost or doubled something are no figures. */
function requireWhole({ missing = 0, doubled = 0 }: Figures, what: string): void {
  if (missing === 0 && doubled === 0) return;
  throw new Error(`${what}: ${missing} deliveries are missing, ${doubled} came twice or to the wrong one.`);
}
