import type { Ledger, LostRun, ReportedRun, RunFollowing } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Fault, FaultKind } from './fault.ts';

/**
 * Each run began and ended once, and who followed it has every line once and in order, then its end, then 204. Who lost it
 * has nothing that was said after that.
 */
export function checkRuns(log: readonly Logged[], { runs }: Ledger): Fault[] {
  const byTitle = Map.groupBy(
    log.filter(({ run }) => run !== null),
    ({ run }) => run?.title,
  );
  return runs.flatMap((run) => [
    ...['run.created', 'run.finished'].flatMap((type) => once(run, type, byTitle.get(run.title) ?? [])),
    ...run.followings.flatMap((following) => checkFollowing(run, following)),
    ...run.lost.flatMap((lost) => checkLost(run, lost)),
  ]);
}

function once({ title, to }: ReportedRun, type: string, events: readonly Logged[]): Fault[] {
  const found = events.filter((event) => event.type === type);
  if (found.some((event) => event.to.join() !== to.join())) {
    return [{ kind: 'misdelivered', who: title, what: `${type} is told to others` }];
  }
  if (found.length === 1) return [];
  return [{ kind: found.length === 0 ? 'lost' : 'doubled', who: title, what: `${type} ${found.length} times` }];
}

export function checkFollowing(
  { title, lines }: Pick<ReportedRun, 'title' | 'lines'>,
  following: RunFollowing,
): Fault[] {
  const { status, isOver, complaints } = following;
  const fault = (kind: FaultKind, what: string): Fault => ({ kind, who: `a follower of ${title}`, what });
  const given = new Set(following.lines.map(({ n }) => n));
  return [
    ...complaints.map((what) => fault('protocol', what)),
    ...following.lines.flatMap((_, at) => checkLine(lines, following, at, fault)),
    ...lines.flatMap((text, at) => (given.has(at + 1) ? [] : [fault('lost', `line ${at + 1}, ${text}`)])),
    ...(status === 'succeeded' ? [] : [fault('lost', `done: it has ${status}`)]),
    ...(isOver ? [] : [fault('protocol', 'coming back after done was never answered 204')]),
  ];
}

/** Of what was said before, they have as much as came to them, without a hole. */
export function checkLost({ title, lines }: Pick<ReportedRun, 'title' | 'lines'>, { following, at }: LostRun): Fault[] {
  if (at === null) return [];
  const fault = (kind: FaultKind, what: string): Fault => ({ kind, who: `one who lost ${title}`, what });
  const late = following.lines.filter(({ n }) => n > at);
  return [
    ...following.complaints.map((what) => fault('protocol', what)),
    ...late.map(({ n }) => fault('unentitled', `line ${n}, said after the loss, which was acknowledged at ${at}`)),
    ...(following.status === null ? [] : [fault('unentitled', `the end, ${following.status}`)]),
    ...following.lines.flatMap((_, index) => checkLine(lines, following, index, fault)),
    ...following.lines.flatMap(({ n }, index) =>
      n > (following.lines[index - 1]?.n ?? 0) + 1 ? [fault('lost', `line ${n - 1}`)] : [],
    ),
    ...(following.isShutOut ? [] : [fault('protocol', 'coming back was never answered 404')]),
  ];
}

function checkLine(
  lines: readonly string[],
  following: RunFollowing,
  at: number,
  fault: (kind: FaultKind, what: string) => Fault,
): Fault[] {
  const { n, text } = following.lines[at] as { n: number; text: string };
  const before = following.lines.slice(0, at).map((line) => line.n);
  if (before.includes(n)) return [fault('doubled', `line ${n}`)];
  if (n < (before.at(-1) ?? 0)) return [fault('misordered', `line ${n} after ${before.at(-1)}`)];
  const kept = lines[n - 1];
  if (kept === undefined) return [fault('invented', `line ${n}, ${text}`)];
  return kept === text ? [] : [fault('altered', `line ${n} is "${text}" and was "${kept}"`)];
}
