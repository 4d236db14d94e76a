import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult } from '../report/results.ts';
import { plotsOf } from './plots.ts';

/** Draws all anew: what belongs to nothing any more is gone. */
export function drawPlots(folder: string, results: readonly CaseResult[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, svg } of results.flatMap(plotsOf)) writeFileSync(join(folder, `${name}.svg`), svg);
}
