import type { Figures, Settings } from '../figures.ts';
import type { Peer } from '../peers/peer.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { whyMissing } from '../services/programs.ts';

/** One line of the plan: a scenario with so many in flight, done by each peer in every round. */
export interface Case {
  scenario: Scenario;
  settings: Settings;
  rounds: number;
  peers: Peer[];
}

/** One call of the bench: all that is measured in it can be compared. */
export interface Run {
  /** When it began, in UTC. */
  begun: string;
  /** The command that repeats it. */
  command: string;
  machine: [what: string, is: string][];
}

export interface CaseResult {
  run: Run;
  scenario: Scenario;
  settings: Settings;
  /** By peer, a round each. */
  rounds: Map<string, Figures[]>;
  /** Why a peer was left out, by its name. */
  absent: Map<string, string>;
}

/** Why it can't run here; null where it can. */
export function whyAbsent({ services, whyAbsent: whyNot }: Peer): string | null {
  const reasons = [...services.map(whyMissing), whyNot?.() ?? null].filter((reason) => reason !== null);
  return reasons.length === 0 ? null : reasons.join(', and ');
}

/** As in `broadcast, 64 in flight`. */
export function titleOf({ scenario, settings }: Pick<CaseResult, 'scenario' | 'settings'>): string {
  return settings.inFlight === 0 ? scenario.name : `${scenario.name}, ${settings.inFlight} in flight`;
}

export interface Spread {
  median: number;
  least: number;
  most: number;
}

export function spreadOf(rounds: readonly Figures[], key: string): Spread | null {
  const values = rounds.map((figures) => figures[key]).filter(isFigure);
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  return { median, least: sorted[0] as number, most: sorted.at(-1) as number };
}

/** JSON has no NaN and makes it null. */
function isFigure(value: number | null | undefined): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}
