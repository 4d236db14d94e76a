import { call, insist } from './call.ts';
import type { Cast } from './cast.ts';
import type { AnswerTry, AskedQuestion, Ledger } from './ledger.ts';
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

/** Asks several people one thing after the other, anywhere; they race to answer, and others wait for it. */
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

async function askOne(
  targets: Targets,
  message: string,
  random: Random,
  { cast, ledger }: Scene,
): Promise<AskedQuestion | null> {
  const people = random.shuffled(cast.members).slice(0, random.int(2, 4));
  const to = random.chance(0.3) ? ['all'] : people.map(({ user }) => `user:${user}`);
  const token = targets[0].apiKey;
  const wish = { method: 'POST', path: '/v1/questions', token, body: { to, message }, key: `ask ${message}` };
  const id = (await insist(targets, wish, random.fork('ask'), { ledger, expected: [201] }))?.body.id;
  if (id === undefined) return null;
  // Some stay open for a while, so that states show them.
  const openMs = random.chance(0.4) ? random.int(0, OPEN_MS) : 0;
  const answering = people.map((member, index) =>
    answer(targets, { id, message, member, isSure: index === 0, openMs }, random.fork(member.user), ledger),
  );
  const waiting = [1, 2].map((waiter) => waitFor(targets, id, random.fork(`wait ${waiter}`)));
  const [tries, waits] = await Promise.all([Promise.all(answering), Promise.all(waiting)]);
  return { id, message, to, tries, waits };
}

interface Wish {
  id: string;
  message: string;
  member: Member;
  /** Tries until it is told: in the end every question is answered. */
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
      ? await insist(targets, { ...wish, key: value }, random, { ledger, expected: [200, 409] })
      : await call(random.pick(targets), wish, random.chance(0.4) ? random.int(1, 30) : undefined);
  if (called === null) return { user, value, outcome: 'unknown', first: null };
  if (called.status === 200) return { user, value, outcome: 'won', first: value };
  return { user, value, outcome: 'beaten', first: called.body.answer?.content.value ?? null };
}

/** As a service waits for what it asked: null where no answer came in a minute. */
async function waitFor(targets: Targets, id: string, random: Random): Promise<string | null> {
  const deadline = performance.now() + PATIENCE_MS;
  const wish = { method: 'GET', path: `/v1/questions/${id}?wait=5`, token: targets[0].apiKey };
  while (performance.now() < deadline) {
    const called = await call(random.pick(targets), wish, random.chance(0.2) ? random.int(1, 500) : undefined);
    if (called?.body.status === 'answered') return called.body.answer?.content.value ?? null;
    await pause(random.int(0, 200));
  }
  return null;
}
