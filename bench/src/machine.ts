import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { Histogram } from './generator/histogram.ts';
import { runsSource } from './peers/belfry.ts';
import type { Peer } from './peers/peer.ts';
import { GENERATOR_CORE, NOT_PINNED, SERVER_CORE } from './processes/pinning.ts';
import { removeFolder, temporaryFolder } from './processes/running.ts';
import { MOMENT } from './report/head.ts';
import { whyAbsent } from './report/results.ts';
import { serviceVersion } from './services/programs.ts';

const FSYNCS = 300;
/** What the bench itself writes. */
const WRITTEN = [':!RESULTS.md', ':!results', ':!plots'];

/** Where and with what the figures were measured, as lines of a table. */
export function describeMachine(peers: readonly Peer[]): [what: string, is: string][] {
  return [
    ['date', new Date().toISOString().slice(0, 10)],
    ['commit', commit()],
    ['CPU', `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`],
    ['memory', `${Math.round(totalmem() / 2 ** 30)} GB`],
    ['kernel', `Linux ${release()}`],
    [MOMENT.disk, syncMs().toFixed(2)],
    ['Node', process.version],
    ['versions', versions(peers).join(', ')],
    [
      'Belfry runs',
      runsSource() ? 'from its TypeScript source, types stripped by Node; those called built from `dist`' : 'as built',
    ],
    ['cores', cores()],
    [MOMENT.load, loadavg()[0]?.toFixed(1) ?? '–'],
  ];
}

function versions(peers: readonly Peer[]): string[] {
  const here = peers.filter((peer) => whyAbsent(peer) === null);
  const services = here.flatMap((peer) => peer.services.map(serviceVersion));
  return [...new Set([...here.map(({ version }) => version()), ...services])];
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', ...WRITTEN) === '' ? '' : ', with changes not committed';
    return git('rev-parse', '--short=12', 'HEAD') + changed;
  } catch {
    return 'unknown: no git here';
  }
}

function cores(): string {
  if (NOT_PINNED !== null) return `not pinned: ${NOT_PINNED}`;
  return `servers on core ${SERVER_CORE} with all their threads, generator on core ${GENERATOR_CORE}, services where the kernel puts them`;
}

/** What a durable commit waits for at least: the median of three hundred. */
function syncMs(): number {
  const folder = temporaryFolder();
  const file = openSync(join(folder, 'file'), 'w');
  const times = new Histogram();
  const page = Buffer.alloc(4_096, 1);
  for (let count = 0; count < FSYNCS; count += 1) {
    const begun = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    times.record((performance.now() - begun) * 1_000);
  }
  closeSync(file);
  removeFolder(folder);
  return times.quantile(0.5) / 1_000;
}
