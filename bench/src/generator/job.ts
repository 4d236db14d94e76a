import type { Figures, Settings } from '../figures.ts';
import type { ServiceUrls } from '../peers/peer.ts';
import type { Phase, ServerAt } from '../scenarios/scenario.ts';

/** What the main process sends the generator first. */
export interface Job {
  scenario: string;
  peer: string;
  servers: ServerAt[];
  services: ServiceUrls;
  settings: Settings;
}

/** What it gets back. A phase waits for a message in answer, whatever it is. */
export type Report = { phase: Phase } | { figures: Figures } | { failed: string };
