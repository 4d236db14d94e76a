import { insist } from './call.ts';
import type { Cast } from './cast.ts';
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
  for (let count = 1; !signal.aborted; count += 1)
    await playRun(targets, `r${reporter}-${count}`, random.fork(`${count}`), scene, signal);
}

async function playRun(
  targets: Targets,
  title: string,
  random: Random,
  { cast, ledger }: Scene,
  signal: AbortSignal,
): Promise<void> {
  const member = random.pick(cast.members);
  const to = random.chance(0.5) ? ['all'] : [`user:${member.user}`];
  const body = { to, kind: 'torture', title };
  const report = { targets, random: random.fork('report'), ledger };
  const created = await ask(report, 'POST', '/v1/runs', body, `run ${title}`, [201]);
  const id = created?.body.id;
  if (id === undefined) return;
  const tokens = [tokenFor(targets[0], member), targets[0].apiKey];
  const following = Array.from({ length: FOLLOWERS }, (_, index) => {
    const own = random.fork(`follower ${index}`);
    return followRun(targets, { id, title, token: own.pick(tokens) }, own);
  });
  const lines = await writeLines(report, id, title, signal);
  await ask(report, 'PATCH', `/v1/runs/${id}`, { status: 'succeeded' }, undefined, [200, 409]);
  ledger.runs.push({ id, title, to, lines, followings: await Promise.all(following) });
}

interface Report {
  targets: Targets;
  random: Random;
  ledger: Ledger;
}

/** Gives what was acknowledged, which is all of it. */
async function writeLines(report: Report, id: string, title: string, signal: AbortSignal): Promise<string[]> {
  const { random } = report;
  const lines: string[] = [];
  const batches = random.int(3, MOST_BATCHES);
  for (let batch = 1; batch <= batches && !signal.aborted; batch += 1) {
    const texts = Array.from({ length: random.int(1, MOST_LINES) }, (_, at) => `${title} ${lines.length + at + 1}`);
    const body = { lines: texts.map((text) => ({ text })) };
    await ask(report, 'POST', `/v1/runs/${id}/logs`, body, `${title} lines ${batch}`, [202]);
    lines.push(...texts);
    const change = { status: 'running', progress: batch / batches };
    if (random.chance(0.3)) await ask(report, 'PATCH', `/v1/runs/${id}`, change, undefined, [200]);
    await pause(random.int(0, REST_MS), signal);
  }
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
