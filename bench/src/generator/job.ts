import type { Figures, Settings } from '../figures.ts';
import type { ServiceUrls } from '../peers/peer.ts';
import type { Phase, ServerAt, Wish } from '../scenarios/scenario.ts';

/** What the main process sends the generator first. */
export interface Job {
  scenario: string;
  peer: string;
  servers: ServerAt[];
  services: ServiceUrls;
  settings: Settings;
}

/** What it gets back. A wish, or a phase, waits for a number in answer, whatever it is. */
export type Report = { wish: Wish | Phase } | { figures: Figures } | { failed: string };
