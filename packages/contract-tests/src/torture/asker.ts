import { type Called, call, insist } from './call.ts';
import type { Cast } from './cast.ts';
import type { AnswerTry, AskedQuestion, Ledger, Meddled, WaitedFor } from './ledger.ts';
import { pause } from './pause.ts';
import type { Random } from './random.ts';
import { type Member, tokenFor } from './target.ts';
import type { Targets } from './writer.ts';

interface Scene {
  cast: Cast;
  ledger: Ledger;
}

const REST_MS = 1_500;
const OPEN_MS = 2_000;
const PATIENCE_MS = 60_000;
const EXPIRES_S = 1;
const SWEEP_MS = 2_000;
const NOT_TRIED = 'none' as const;

/**
 * Asks several people one thing after the other, anywhere; they race to answer, and others wait for it. Some questions
 * expire, are taken back or edited meanwhile.
 */
export async function askAgainAndAgain(
  targets: Targets,
  asker: number,
  random: Random,
  scene: Scene,
  signal: AbortSignal,
): Promise<void> {
  for (let count = 1; !signal.aborted; count += 1) {
    const asked = await askOne(targets, `q${asker}-${count}`, random.fork(`${count}`), scene);
    if (asked !== null) scene.ledger.questions.push(asked);
    await pause(random.int(0, REST_MS), signal);
  }
}

/** What happens to a question besides that people answer it. */
type Fate = 'answered' | 'expires' | 'cancelled' | 'edited';

function fateOf(random: Random): Fate {
  if (random.chance(0.5)) return 'answered';
  return random.pick<Fate>(['expires', 'cancelled', 'edited']);
}

async function askOne(
  targets: Targets,
  message: string,
  random: Random,
  { cast, ledger }: Scene,
): Promise<AskedQuestion | null> {
  const people = random.shuffled(cast.members).slice(0, random.int(2, 4));
  const to = random.chance(0.3) ? ['all'] : people.map(({ user }) => `user:${user}`);
  const fate = fateOf(random.fork('fate'));
  const expires = fate === 'expires';
  const token = targets[0].apiKey;
  const body = { to, message, ...(expires ? { expiresInSeconds: EXPIRES_S } : {}) };
  const wish = { method: 'POST', path: '/v1/questions', token, body, key: `ask ${message}` };
  const id = (await insist(targets, wish, random.fork('ask'), { ledger, expected: [201] }))?.body.id;
  if (id === undefined) return null;
  // Some stay open for a while, so that states show them; of those that expire some for too long.
  const openMs = random.chance(expires ? 0.8 : 0.4) ? random.int(0, OPEN_MS) : 0;
  const sure = fate === 'answered' || fate === 'edited';
  const answering = people.map((member, index) =>
    answer(targets, { id, message, member, isSure: sure && index === 0, openMs }, random.fork(member.user), ledger),
  );
  const waiting = [1, 2].map((waiter) => waitFor(targets, id, random.fork(`wait ${waiter}`)));
  const meddling = { targets, id, openMs, ledger };
  const [tries, waits, cancelled, edited] = await Promise.all([
    Promise.all(answering),
    Promise.all(waiting),
    fate === 'cancelled' ? takeBack(meddling, random.fork('cancel')) : NOT_TRIED,
    fate === 'edited' ? edit(meddling, random.fork('edit')) : NOT_TRIED,
  ]);
  // Over by the clock, it is told of within a second: the log must not be read before.
  if (expires) await pause(SWEEP_MS);
  return { id, message, to, expires, cancelled, edited, tries, waits };
}

interface Meddling {
  targets: Targets;
  id: string;
  /** How long nobody answers. */
  openMs: number;
  ledger: Ledger;
}

/** At about the time at which the others answer it. */
async function takeBack({ targets, id, openMs, ledger }: Meddling, random: Random): Promise<Meddled> {
  await pause(openMs + random.int(0, 30));
  const wish = { method: 'POST', path: `/v1/questions/${id}/cancel`, token: targets[0].apiKey };
  return meddledBy(await insist(targets, wish, random, { ledger, expected: [200, 409, 410] }));
}

async function edit({ targets, id, openMs, ledger }: Meddling, random: Random): Promise<Meddled> {
  await pause(random.int(0, openMs + 30));
  const body = { description: `Edited ${random.int(0, 1_000)}` };
  const wish = { method: 'PATCH', path: `/v1/questions/${id}`, token: targets[0].apiKey, body };
  return meddledBy(await insist(targets, wish, random, { ledger, expected: [200, 409, 410] }));
}

function meddledBy(called: Called | null): Meddled {
  if (called === null) return 'unknown';
  if (called.status === 200) return 'done';
  return called.status === 409 ? 'beaten' : 'late';
}

interface Wish {
  id: string;
  message: string;
  member: Member;
  /** Tries until it is told: in the end every question that is not to end otherwise is answered. */
  isSure: boolean;
  /** How long nobody answers. */
  openMs: number;
}

/** With a key until it is told, or once. */
async function answer(
  targets: Targets,
  { id, message, member, isSure, openMs }: Wish,
  random: Random,
  ledger: Ledger,
): Promise<AnswerTry> {
  const { user } = member;
  const value = `${message} by ${user}`;
  const body = { action: 'accept', content: { value } };
  const wish = { method: 'POST', path: `/v1/questions/${id}/answer`, token: tokenFor(targets[0], member), body };
  await pause(openMs + random.int(0, 30));
  const called =
    isSure || random.chance(0.6)
      ? await insist(targets, { ...wish, key: value }, random, { ledger, expected: [200, 409, 410] })
      : await call(random.pick(targets), wish, random.chance(0.4) ? random.int(1, 30) : undefined);
  if (called === null) return { user, value, outcome: 'unknown', first: null };
  if (called.status === 200) return { user, value, outcome: 'won', first: value };
  if (called.status === 410) return { user, value, outcome: 'late', first: null };
  return { user, value, outcome: 'beaten', first: called.body.answer?.content.value ?? null };
}

/** As a service waits for what it asked: null where it was still open after a minute. */
async function waitFor(targets: Targets, id: string, random: Random): Promise<WaitedFor | null> {
  const deadline = performance.now() + PATIENCE_MS;
  const wish = { method: 'GET', path: `/v1/questions/${id}?wait=5`, token: targets[0].apiKey };
  while (performance.now() < deadline) {
    const called = await call(random.pick(targets), wish, random.chance(0.2) ? random.int(1, 500) : undefined);
    const { status = 'open', answer } = called?.body ?? {};
    if (status !== 'open') return { status, answer: answer?.content.value ?? null };
    await pause(random.int(0, 200));
  }
  return null;
}
