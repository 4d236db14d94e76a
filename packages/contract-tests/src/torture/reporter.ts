import { insist } from './call.ts';
import type { Cast } from './cast.ts';
import { Guests } from './guests.ts';
import type { Ledger } from './ledger.ts';
import { pause } from './pause.ts';
import type { Random } from './random.ts';
import { followRun } from './readers/run-follower.ts';
import { tokenFor } from './target.ts';
import type { Targets } from './writer.ts';

interface Scene {
  cast: Cast;
  ledger: Ledger;
}

/** A snapshot holds the newest 1,000 lines: nobody may have to look for more. */
const MOST_BATCHES = 30;
const MOST_LINES = 30;
const REST_MS = 400;
const FOLLOWERS = 3;

/** Plays one run after the other, each with lines, progress and an end, while some follow it. */
export async function reportAgainAndAgain(
  targets: Targets,
  reporter: number,
  random: Random,
  scene: Scene,
  signal: AbortSignal,
): Promise<void> {
  for (let count = 1; !signal.aborted; count += 1) {
    const run = { title: `r${reporter}-${count}`, hasGuests: (reporter + count) % 2 === 0 };
    await playRun(targets, run, random.fork(`${count}`), scene, signal);
  }
}

async function playRun(
  targets: Targets,
  { title, hasGuests }: { title: string; hasGuests: boolean },
  random: Random,
  { cast, ledger }: Scene,
  signal: AbortSignal,
): Promise<void> {
  const member = random.pick(cast.members);
  const guests = hasGuests ? await Guests.invite(targets, title, random.fork('guests'), ledger) : null;
  const to = [guests?.channel ?? (random.chance(0.5) ? 'all' : `user:${member.user}`)];
  const body = { to, kind: 'torture', title };
  const report = { targets, random: random.fork('report'), ledger };
  const created = await ask(report, 'POST', '/v1/runs', body, `run ${title}`, [201]);
  const id = created?.body.id;
  if (id === undefined) return;
  const tokens = [guests === null ? tokenFor(targets[0], member) : targets[0].apiKey, targets[0].apiKey];
  const following = Array.from({ length: FOLLOWERS }, (_, index) => {
    const own = random.fork(`follower ${index}`);
    return followRun(targets, { id, title, token: own.pick(tokens) }, own);
  });
  guests?.follow(id, title);
  const lines = await writeLines(report, { id, title, guests }, signal);
  await ask(report, 'PATCH', `/v1/runs/${id}`, { status: 'succeeded' }, undefined, [200, 409]);
  const lost = (await guests?.farewell()) ?? [];
  ledger.runs.push({ id, title, to, lines, followings: await Promise.all(following), lost });
}

interface Report {
  targets: Targets;
  random: Random;
  ledger: Ledger;
}

/** Gives what was acknowledged, which is all of it. */
async function writeLines(
  report: Report,
  { id, title, guests }: { id: string; title: string; guests: Guests | null },
  signal: AbortSignal,
): Promise<string[]> {
  const { random } = report;
  const lines: string[] = [];
  const batches = random.int(3, MOST_BATCHES);
  const lastForAll = random.int(1, batches);
  for (let batch = 1; batch <= batches && !signal.aborted; batch += 1) {
    const texts = Array.from({ length: random.int(1, MOST_LINES) }, (_, at) => `${title} ${lines.length + at + 1}`);
    // Without a rest: a line must not overtake the loss.
    if (batch > lastForAll) await guests?.leave(lines.length);
    const body = { lines: texts.map((text) => ({ text })) };
    await ask(report, 'POST', `/v1/runs/${id}/logs`, body, `${title} lines ${batch}`, [202]);
    lines.push(...texts);
    const change = { status: 'running', progress: batch / batches };
    if (random.chance(0.3)) await ask(report, 'PATCH', `/v1/runs/${id}`, change, undefined, [200]);
    await pause(random.int(0, REST_MS), signal);
  }
  await guests?.leaveAll(lines.length);
  return lines;
}

function ask(
  { targets, random, ledger }: Report,
  method: string,
  path: string,
  body: object,
  key: string | undefined,
  expected: readonly number[],
) {
  const wish = { method, path, token: targets[0].apiKey, body, ...(key === undefined ? {} : { key }) };
  return insist(targets, wish, random, { ledger, expected });
}
