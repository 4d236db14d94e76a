import type { Address } from '../peers/peer.ts';
import type { Figures, Phase, Settings } from '../scenarios/scenario.ts';

/** What the main process sends the generator first. */
export interface Job {
  scenario: string;
  peer: string;
  address: Address;
  serverPid: number;
  settings: Settings;
}

/** What it gets back. A phase waits for a message in answer, whatever it is. */
export type Report = { phase: Phase } | { figures: Figures } | { failed: string };
