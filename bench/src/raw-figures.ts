import type { Report } from './report.ts';

/** Every round's figures, for plots and comparisons. */
export function rawFigures({ command, machine, results }: Report): string {
  const cases = results.map(({ case: { scenario, settings }, rounds }) => ({
    scenario: scenario.name,
    settings,
    rounds: Object.fromEntries(rounds),
  }));
  return `${JSON.stringify({ command, machine: Object.fromEntries(machine), cases }, null, 2)}\n`;
}
