import type { Family } from './families.ts';
import { escaped } from './spelling.ts';

/** The text format of Prometheus, which others read too. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function expositionOf(families: readonly Family[]): string {
  const lines: string[] = [];
  for (const family of families) {
    const series = [...family.lines()];
    if (series.length === 0) continue;
    lines.push(`# HELP ${family.name} ${escaped(family.help)}`, `# TYPE ${family.name} ${family.type}`, ...series);
  }
  return `${lines.join('\n')}\n`;
}
