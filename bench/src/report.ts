import { PEERS } from './peers/index.ts';
import { type CaseResult, spreadOf } from './results.ts';
import type { Figures, Metric } from './scenarios/scenario.ts';

export interface Report {
  /** The command that repeats it. */
  command: string;
  machine: [what: string, is: string][];
  results: CaseResult[];
}

/** The report as Markdown. */
export function reportMarkdown({ command, machine, results }: Report): string {
  const peers = [...new Set(results.flatMap((result) => [...result.rounds.keys()]))];
  return [
    '# Figures',
    '',
    '<!-- Written by the bench; edits are lost. -->',
    '',
    `Measured by \`${command}\`, which also repeats it (Linux; needs nothing but \`npm ci\`). Each figure is the median of its rounds, with the least and the most in brackets; the rounds of the servers take turns in one run. What else the machine does moves all of them, so ratios say more than figures.`,
    '',
    ...table(['', ''], machine),
    '',
    ...peers.map(aboutPeer),
    '- Every stream is read to its end and every message is numbered: a run in which one is missing, doubled or astray fails. The times are taken in the generator, from before a request is written until its frame is read from the socket.',
    "- The generator's own load is shown. Where it comes near 100 %, the server could have done more.",
    '',
    ...results.flatMap(caseSection),
  ].join('\n');
}

function aboutPeer(name: string): string {
  return `- **${name}**: ${PEERS.find((peer) => peer.name === name)?.about}.`;
}

function caseSection({ case: { scenario, settings, rounds: count, peers }, rounds }: CaseResult): string[] {
  const names = [...rounds.keys()];
  const [own, ...others] = names;
  const head = ['', ...names, ...others.map((other) => `${own} ÷ ${other}`)];
  const better = { higher: ' (more is better)', lower: ' (less is better)' };
  const rows = scenario.metrics.map((metric) => [
    metric.label + (metric.better === null ? '' : better[metric.better]),
    ...names.map((name) => figure(rounds.get(name) ?? [], metric)),
    ...others.map((other) => ratio(rounds.get(own ?? '') ?? [], rounds.get(other) ?? [], metric)),
  ]);
  const absent = peers.filter(({ absent }) => absent() !== null).map(({ name, absent }) => `${name}: ${absent()}.`);
  const inFlight = settings.inFlight === 0 ? '' : `, ${settings.inFlight} in flight`;
  return [
    `## ${scenario.name}${inFlight}`,
    '',
    `${scenario.about(settings)} ${count} ${count === 1 ? 'round' : 'rounds'}.`,
    ...absent,
    '',
    ...table(head, rows),
    '',
  ];
}

function figure(rounds: readonly Figures[], { key, digits }: Metric): string {
  const spread = spreadOf(rounds, key);
  if (spread === null) return '–';
  const text = (value: number) => shown(value, digits);
  if (spread.least === spread.most) return text(spread.median);
  return `${text(spread.median)} (${text(spread.least)}–${text(spread.most)})`;
}

function ratio(own: readonly Figures[], other: readonly Figures[], { key, better }: Metric): string {
  const mine = spreadOf(own, key)?.median;
  const theirs = spreadOf(other, key)?.median;
  if (better === null || mine === undefined || theirs === undefined || theirs === 0) return '';
  return `${shown(mine / theirs, 2)} ×`;
}

function shown(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** In columns, as the formatter would write it. Figures stand to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => aligned(cells[column] ?? '', width, column)).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)];
}

function aligned(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}
