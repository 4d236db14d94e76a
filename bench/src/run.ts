import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from './figures.ts';
import type { Options } from './options.ts';
import { isYardstick, type Peer } from './peers/peer.ts';
import { RoundProfile } from './profile/profiles.ts';
import { Progress } from './progress.ts';
import { type Case, type CaseResult, type Run, titleOf, whyAbsent } from './report/results.ts';
import { runRound } from './round.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** A scenario that measures none of the peers is left out. */
export function planned({ scenarios, peers, settings, inFlight, rounds, profile }: Options): Case[] {
  const cases = scenarios.flatMap((scenario) =>
    (scenario.inFlight[0] === 0 ? scenario.inFlight : (inFlight ?? scenario.inFlight)).map((count) => ({
      scenario,
      settings: { ...settings, inFlight: count },
      rounds: Math.min(rounds, scenario.mostRounds ?? rounds),
      peers: wanted(scenario, peers, profile),
    })),
  );
  return cases.filter((one) => one.peers.length > 0);
}

/** In the scenario's order. A yardstick can't be profiled; of servers without services, one profile is enough. */
function wanted(scenario: Scenario, peers: readonly Peer[], profile: boolean): Peer[] {
  const all = scenario.peers.flatMap((name) => peers.find((peer) => peer.name === name) ?? []);
  if (!profile) return all;
  return all.filter((peer) => !isYardstick(peer) && (peer === all[0] || peer.services.length > 0));
}

/** Told after each case of all so far. */
type Done = (results: readonly CaseResult[]) => void;

/** Does every case, the peers taking turns in each round. */
export async function runCases(cases: readonly Case[], options: Options, run: Run, done: Done): Promise<CaseResult[]> {
  const rounds = cases.reduce((sum, one) => sum + one.rounds * present(one).length, 0);
  const progress = new Progress(rounds);
  const results: CaseResult[] = [];
  for (const one of cases) {
    results.push(await runCase(one, options, progress, run));
    done(results);
  }
  progress.clear();
  return results;
}

async function runCase(one: Case, options: Options, progress: Progress, run: Run): Promise<CaseResult> {
  const rounds = new Map<string, Figures[]>(present(one).map(({ name }) => [name, []]));
  const absent = absentOf(one);
  for (let round = 1; round <= one.rounds; round += 1) {
    for (const peer of present(one)) {
      progress.next(`${titleOf(one)}, ${peer.name}, round ${round} of ${one.rounds}`);
      if (absent.has(peer.name)) continue;
      try {
        rounds.get(peer.name)?.push(await profiledRound(one, peer, options));
      } catch (error) {
        absent.set(peer.name, failure(round, error as Error));
      }
    }
  }
  return { run, scenario: one.scenario, settings: one.settings, rounds: measured(rounds), absent };
}

async function profiledRound(one: Case, peer: Peer, { profile: wanted, keep }: Options): Promise<Figures> {
  const profile = wanted ? new RoundProfile(one.scenario.name) : null;
  const figures = await runRound(one, peer, profile);
  if (profile !== null) showProfile(profile, `${titleOf(one)}, ${peer.name}`, keep);
  return figures;
}

/** One that fails ends neither the others nor, after half an hour, the whole run; but the bench ends with 1. */
function failure(round: number, { message }: Error): string {
  process.exitCode = 1;
  process.stderr.write(`\nbench: ${message}\n`);
  return `its round ${round} failed: ${message.split('\n', 1)[0]}`;
}

function measured(rounds: Map<string, Figures[]>): Map<string, Figures[]> {
  return new Map([...rounds].filter(([, figures]) => figures.length > 0));
}

function present({ peers }: Case): Peer[] {
  return peers.filter((peer) => whyAbsent(peer) === null);
}

function absentOf({ peers }: Case): Map<string, string> {
  const reasons = peers.map((peer): [string, string | null] => [peer.name, whyAbsent(peer)]);
  return new Map(reasons.filter((one): one is [string, string] => one[1] !== null));
}

function showProfile(profile: RoundProfile, title: string, keep: string | null): void {
  process.stdout.write(`\nProfile of ${title}\n\n${profile.text}\n\n`);
  if (keep === null) return;
  mkdirSync(keep, { recursive: true });
  for (const [name, json] of profile.files) writeFileSync(join(keep, `${title.replaceAll(/\W+/g, '-')}-${name}`), json);
}
