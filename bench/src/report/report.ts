import type { Figures } from '../figures.ts';
import { PEERS } from '../peers/index.ts';
import { plotsOf } from '../plot/plots.ts';
import type { Metric } from '../scenarios/scenario.ts';
import { saturationLines } from './bottleneck.ts';
import { goalLines, verdictLines } from './goals.ts';
import { headLines, runLines } from './head.ts';
import { type CaseResult, spreadOf, titleOf } from './results.ts';
import { shown, table } from './table.ts';

/** The report as Markdown. `plots`: where its drawings are, seen from it; null: it has none. */
export function reportMarkdown(results: readonly CaseResult[], plots: string | null): string {
  const peers = [...new Set(results.flatMap(({ rounds }) => [...rounds.keys()]))];
  return [
    '# Figures',
    '',
    '<!-- Written by the bench; edits are lost. -->',
    '',
    'Measured by `npm run bench`, which also repeats it (Linux; needs nothing but `npm ci`; programs that it stands on it starts by itself, and what is missing is named where it is left out). Each figure is the median of its rounds, with the least and the most in brackets; the rounds of the servers take turns in one run. What else the machine does moves all of them, so ratios say more than figures. `npm run bench -- NAME` measures one part anew and leaves the others as they are.',
    '',
    ...withTitle('## Goals', verdictLines(results)),
    '## What was measured, and where',
    '',
    ...peers.map(aboutPeer),
    '- Every stream is read to its end and every message is numbered: a run in which one is missing, doubled or astray fails. The times are taken in the generator, from before a request is written until its frame is read from the socket.',
    "- The generator's own load is shown. Where it comes near 100 %, the server could have done more.",
    '',
    ...headLines(results),
    ...results.flatMap((result) => caseSection(result, results, plots)),
  ].join('\n');
}

function withTitle(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [title, '', ...lines];
}

function aboutPeer(name: string): string {
  return `- **${name}**: ${PEERS.find((peer) => peer.name === name)?.about ?? 'no longer measured'}.`;
}

function caseSection(result: CaseResult, results: readonly CaseResult[], plots: string | null): string[] {
  const { scenario, settings, rounds, absent, run } = result;
  const count = Math.max(0, ...[...rounds.values()].map(({ length }) => length));
  const drawn = plots === null ? [] : plotsOf(result).map(({ name, title }) => `![${title}](${plots}/${name}.svg)`);
  return [
    `## ${titleOf(result)}`,
    '',
    `${scenario.about(settings)} ${count} ${count === 1 ? 'round' : 'rounds'}.`,
    '',
    ...runLines(run, results),
    ...[...absent].flatMap(([peer, reason]) => [`Left out: ${peer}, as ${reason.replace(/\.$/, '')}.`, '']),
    ...saturationLines(result),
    ...goalLines(result),
    ...drawn.flatMap((line) => [line, '']),
    ...figureLines(result),
  ];
}

function figureLines({ scenario, rounds }: CaseResult): string[] {
  const names = [...rounds.keys()];
  const [own, ...others] = names;
  if (own === undefined) return [];
  const head = ['', ...names, ...others.map((other) => `${own} ÷ ${other}`)];
  const better = { higher: ' (more is better)', lower: ' (less is better)' };
  const measured = scenario.metrics.filter(({ key }) => names.some((name) => spreadOf(rounds.get(name) ?? [], key)));
  const rows = measured.map((metric) => [
    metric.label + (metric.better === null ? '' : better[metric.better]),
    ...names.map((name) => figure(rounds.get(name) ?? [], metric)),
    ...others.map((other) => ratio(rounds.get(own) ?? [], rounds.get(other) ?? [], metric)),
  ]);
  return [...table(head, rows), ''];
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
  // An order may be below nothing, and then no multiple of another.
  if (better === null || mine === undefined || theirs === undefined || mine < 0 || theirs <= 0) return '';
  return `${shown(mine / theirs, 2)} ×`;
}
