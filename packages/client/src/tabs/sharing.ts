import { endOf } from '../connection.ts';
import type { Environment } from '../environment.ts';
import { createFitness } from '../fitness.ts';
import { requestErrorOf } from '../request-error.ts';
import type { Requester } from '../requester.ts';
import type { Connect, Connected, From, Ways } from '../ways.ts';
import { type Attempt, createAttempt } from './attempt.ts';
import { follow } from './follower.ts';
import { lead } from './leader.ts';
import { createMembership } from './membership.ts';
import type { Letter } from './messages.ts';
import type { Part, Scene } from './part.ts';
import { createReplay } from './replay.ts';
import { type SharingOptions, sessionName } from './session-name.ts';

type Way = 'stream' | 'poll';

export interface SharedWays extends Ways {
  /** False where another tab speaks for this one as well. */
  speaks(): boolean;
}

/** What those say who listen; all else only a leader does. */
const FROM_FOLLOWER: readonly Letter['type'][] = ['hello', 'ping'];

/**
 * One connection for all tabs of a session: finds out what this tab is to the others, and connects accordingly. The one
 * that leads uses `ways`, the others listen to it.
 */
export function sharing(
  ways: Scene['ways'],
  options: SharingOptions,
  requester: Requester,
  environment: Environment,
): SharedWays {
  const { tokens } = requester;
  const waiting = new Map<string, From>();
  const replay = createReplay();
  /** For whom the session is, once that was said. */
  let who: Pick<Connected, 'tenant' | 'user'> | null = null;
  /** What the name of the session was made from. */
  let named: string | null = null;
  let current: Attempt | null = null;
  let polls = false;
  /** Refused tokens in a row. */
  let denials = 0;

  const takeAsLeader = ({ type, from, ...rest }: Letter): void => {
    if (type === 'ping') membership.post({ type: 'pong' });
    if (type === 'hello') waiting.set(from, rest as From);
  };

  const membership = createMembership(environment, {
    onLetter: (letter) => {
      // A hidden leader may be late with its back-off while somebody looks at the tab that asks for it.
      environment.runOverdue();
      if (membership.role === 'leading') takeAsLeader(letter);
      else if (!FROM_FOLLOWER.includes(letter.type)) membership.heard();
      current?.part?.take(letter);
    },
    onTurn: () => current?.end(membership.role === 'leading' && polls ? 'unfit' : 'handover'),
  });

  const leave = (): void => {
    membership.happens('leave');
    waiting.clear();
    who = null;
  };

  const canShare = (): boolean =>
    options.shared !== false && membership.role !== 'alone' && environment.locks() !== null;

  /** Who it is must not change while others listen: the next connection asks anew. */
  const accepts = ({ tenant, user, transport }: Connected): boolean => {
    polls = transport === 'poll';
    denials = 0;
    who ??= { tenant, user };
    if (who.tenant === tenant && who.user === user) return true;
    leave();
    return false;
  };

  /** A fresh token may be another person's. What a cookie says is seen once it is connected. */
  const join = async (attempt: Attempt): Promise<void> => {
    const token = await tokens.get();
    if (membership.role !== 'out' && token === named) return;
    const name = await sessionName(options, requester, token);
    if (attempt.isOver) return;
    if (name !== membership.name) leave();
    named = token;
    if (membership.role === 'out') membership.join(name);
  };

  const partOf = (attempt: Attempt, way: Way): Part => {
    const { from, handlers } = attempt;
    const scene: Scene = {
      ways,
      membership,
      replay,
      from,
      accepts,
      handlers: {
        ...handlers,
        onEnd: (end) => {
          handlers.onEnd(end);
          if (end.error?.status === 401) denials += 1;
          // It may be this tab only that the server will not have, with a fresh token too: another one may try.
          if (end.event === 'refused' || denials > 1) leave();
        },
      },
      isOver: () => attempt.isOver,
      now: environment.steady,
    };
    return membership.role === 'leading' ? lead(scene, way, waiting) : follow(scene);
  };

  const connect =
    (way: Way): Connect =>
    (from, handlers) => {
      if (!canShare()) return ways[way](from, handlers);
      const attempt = createAttempt(from, handlers);
      current = attempt;
      join(attempt)
        .then(() => {
          if (!attempt.isOver) attempt.part = partOf(attempt, way);
        })
        .catch((cause) => {
          const error = requestErrorOf(cause);
          attempt.end(endOf(error, tokens.renewable).event, error);
        });
      return attempt;
    };

  return {
    stream: connect('stream'),
    poll: connect('poll'),
    judge: createFitness(),
    leave,
    speaks: () => membership.role !== 'following' && membership.role !== 'seeking',
  };
}
