import type { Cast } from './cast.ts';
import type { AccessCall, Ledger } from './ledger.ts';
import { pause } from './pause.ts';
import { HANGS_MS } from './post.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';
import type { Targets } from './writer.ts';

export interface Granting {
  /** The longest rest between two calls. Milliseconds. */
  restMs: number;
  /** How often a connection is cut under a call. */
  cutting: number;
}

type Wish = Pick<AccessCall, 'isGrant' | 'user' | 'channel'>;

/** Prefixes too: they reach over single topics, and are reached into. */
const PREFIXES = ['topic:products/*', 'topic:boards/*', 'topic:*'];

/** Gives and takes topics and roles, anywhere, until the signal. What became of it, the log decides. */
export async function grantAndTake(
  targets: Targets,
  random: Random,
  { cast, ledger, granting }: { cast: Cast; ledger: Ledger; granting: Granting },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await giveOrTake(targets, drawWish(random, cast), random, { ledger, cutting: granting.cutting });
    await pause(random.int(0, granting.restMs), signal);
  }
}

/** Only half of the people: the others go on undisturbed, but for what is taken from everybody. */
function drawWish(random: Random, { members, channels }: Cast): Wish {
  const { user } = random.pick(members.slice(0, Math.ceil(members.length / 2)));
  const shared = channels.filter((channel) => channel.startsWith('topic:') || channel.startsWith('role:'));
  const chance = random.next();
  if (chance < 0.06) return { isGrant: false, user: null, channel: random.pick(shared) };
  return { isGrant: chance < 0.6, user, channel: random.pick([...shared, ...PREFIXES]) };
}

/** Until it is answered, anywhere, at most for a minute: to do it again is harmless. Gives what became of it. */
export async function giveOrTake(
  targets: Targets,
  { isGrant, user, channel }: Wish,
  random: Random,
  { ledger, cutting }: { ledger: Ledger; cutting: number },
): Promise<AccessCall> {
  const call: AccessCall = { isGrant, user, channel, tries: 0, isAnswered: false };
  ledger.access.push(call);
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    call.tries += 1;
    const status = await tryOnce(random.pick(targets), call, random.chance(cutting) ? random.int(0, 30) : HANGS_MS);
    call.isAnswered = status === 204;
    if (call.isAnswered) return call;
    if (status !== null && status !== 503) {
      ledger.complaints.push(`${call.isGrant ? 'granting' : 'taking'} ${call.channel} was answered ${status}`);
      return call;
    }
    await pause(random.int(0, 200));
  }
  return call;
}

/** The status; null where it was cut off. */
async function tryOnce(target: Target, wish: Wish, cutAfterMs: number): Promise<number | null> {
  const headers = { authorization: `Bearer ${target.apiKey}`, 'content-type': 'application/json' };
  const [path, init] = requestOf(wish);
  try {
    const signal = AbortSignal.timeout(cutAfterMs);
    return (await fetch(`${target.url}${path}`, { ...init, headers, signal })).status;
  } catch {
    return null;
  }
}

function requestOf({ isGrant, user, channel }: Wish): [path: string, init: RequestInit] {
  if (user === null) return [`/v1/channels?${new URLSearchParams({ name: channel })}`, { method: 'DELETE' }];
  if (!isGrant) return [`/v1/memberships?${new URLSearchParams({ channel, user })}`, { method: 'DELETE' }];
  return ['/v1/memberships', { method: 'PUT', body: JSON.stringify({ channel, user }) }];
}
