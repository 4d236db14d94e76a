import type { Figures } from './figures.ts';
import { PEERS } from './peers/index.ts';
import { goalLines } from './report-goals.ts';
import { shown, table } from './report-table.ts';
import { type CaseResult, spreadOf, whyAbsent } from './results.ts';
import type { Metric } from './scenarios/scenario.ts';

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
    `Measured by \`${command}\`, which also repeats it (Linux; needs nothing but \`npm ci\`, and for its later parts the programs of Postgres, Redis and NATS, which it starts by itself). Each figure is the median of its rounds, with the least and the most in brackets; the rounds of the servers take turns in one run. What else the machine does moves all of them, so ratios say more than figures.`,
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

function caseSection(result: CaseResult): string[] {
  const { scenario, settings, rounds: count, peers } = result.case;
  const inFlight = settings.inFlight === 0 ? '' : `, ${settings.inFlight} in flight`;
  const absent = peers.flatMap((peer) => {
    const reason = whyAbsent(peer);
    return reason === null ? [] : ['', `Left out: ${peer.name}, as ${reason}.`];
  });
  return [
    `## ${scenario.name}${inFlight}`,
    '',
    `${scenario.about(settings)} ${count} ${count === 1 ? 'round' : 'rounds'}.`,
    ...absent,
    '',
    ...goalLines(result),
    ...figureLines(result),
  ];
}

function figureLines({ case: { scenario }, rounds }: CaseResult): string[] {
  const names = [...rounds.keys()];
  const [own, ...others] = names;
  if (own === undefined) return [];
  const head = ['', ...names, ...others.map((other) => `${own} ÷ ${other}`)];
  const better = { higher: ' (more is better)', lower: ' (less is better)' };
  const rows = scenario.metrics.map((metric) => [
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
  if (better === null || mine === undefined || theirs === undefined || theirs === 0) return '';
  return `${shown(mine / theirs, 2)} ×`;
}
