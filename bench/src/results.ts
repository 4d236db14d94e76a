import type { Figures, Settings } from './figures.ts';
import type { Peer } from './peers/peer.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { whyMissing } from './services/programs.ts';

/** One line of the plan: a scenario with so many in flight, done by each peer in every round. */
export interface Case {
  scenario: Scenario;
  settings: Settings;
  rounds: number;
  peers: Peer[];
}

export interface CaseResult {
  case: Case;
  /** By peer, a round each. */
  rounds: Map<string, Figures[]>;
}

/** Why it can't run here; null where it can. */
export function whyAbsent({ services }: Peer): string | null {
  const reasons = services.map(whyMissing).filter((reason) => reason !== null);
  return reasons.length === 0 ? null : reasons.join(', and ');
}

export interface Spread {
  median: number;
  least: number;
  most: number;
}

export function spreadOf(rounds: readonly Figures[], key: string): Spread | null {
  const values = rounds.map((figures) => figures[key]).filter((value) => value !== undefined && !Number.isNaN(value));
  if (values.length === 0) return null;
  const sorted = (values as number[]).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  return { median, least: sorted[0] as number, most: sorted.at(-1) as number };
}
