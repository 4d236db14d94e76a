import { endOf } from '../connection.ts';
import type { Environment } from '../environment.ts';
import { requestErrorOf } from '../request-error.ts';
import type { Requester } from '../requester.ts';
import type { Connected, Connection, ConnectionHandlers, End, From } from '../ways.ts';
import { Attempt } from './attempt.ts';
import { Follower } from './follower.ts';
import { Leader } from './leader.ts';
import { Membership } from './membership.ts';
import type { Letter } from './messages.ts';
import type { Part, Scene } from './part.ts';
import { Replay } from './replay.ts';
import { type SharingOptions, sessionName } from './session-name.ts';

type Ways = Scene['ways'];

/** What only a leader says. */
const FROM_LEADER: readonly Letter['type'][] = ['pong', 'lead', 'welcome', 'miss', 'frames', 'lost'];

/** This tab among the others: finds out what it is to them, and connects accordingly. */
export class Tab {
  readonly #ways: Ways;
  readonly #options: SharingOptions;
  readonly #requester: Requester;
  readonly #environment: Environment;
  readonly #membership: Membership;
  readonly #waiting = new Map<string, From>();
  readonly #replay = new Replay();
  /** For whom the session is, once that was said. */
  #who: Pick<Connected, 'tenant' | 'user'> | null = null;
  /** What the name of the session was made from. */
  #token: string | null = null;
  #attempt: Attempt | null = null;
  #polls = false;
  /** Refused tokens in a row. */
  #denials = 0;

  constructor(ways: Ways, options: SharingOptions, requester: Requester, environment: Environment) {
    this.#ways = ways;
    this.#options = options;
    this.#requester = requester;
    this.#environment = environment;
    this.#membership = new Membership(environment, {
      onLetter: (letter) => this.#take(letter),
      onTurn: () => this.#turn(),
    });
  }

  get speaks(): boolean {
    const { role } = this.#membership;
    return role !== 'following' && role !== 'seeking';
  }

  connect(way: 'stream' | 'poll', from: From, handlers: ConnectionHandlers): Connection {
    if (!this.#canShare()) return this.#ways[way](from, handlers);
    const attempt = new Attempt(from, handlers);
    this.#attempt = attempt;
    this.#begin(attempt, way).catch((cause) => {
      const error = requestErrorOf(cause);
      const { event } = endOf(error, this.#requester.tokens.renewable);
      attempt.end(event, error);
    });
    return attempt;
  }

  leave(): void {
    this.#membership.happens('leave');
    this.#waiting.clear();
    this.#who = null;
  }

  #canShare(): boolean {
    return this.#options.shared !== false && this.#membership.role !== 'alone' && this.#environment.locks() !== null;
  }

  async #begin(attempt: Attempt, way: 'stream' | 'poll'): Promise<void> {
    await this.#join(attempt);
    if (!attempt.isOver) attempt.part = this.#partOf(attempt, way);
  }

  /** A fresh token may be another person's. What a cookie says is seen once it is connected. */
  async #join(attempt: Attempt): Promise<void> {
    const token = await this.#requester.tokens.get();
    if (this.#membership.role !== 'out' && token === this.#token) return;
    const name = await sessionName(this.#options, this.#requester, token);
    if (attempt.isOver) return;
    if (name !== this.#membership.name) this.leave();
    this.#token = token;
    if (this.#membership.role === 'out') this.#membership.join(name);
  }

  #partOf(attempt: Attempt, way: 'stream' | 'poll'): Part {
    const scene = this.#sceneOf(attempt);
    if (this.#membership.role === 'leading') return new Leader(scene, way, this.#waiting);
    return new Follower(scene);
  }

  #sceneOf(attempt: Attempt): Scene {
    return {
      ways: this.#ways,
      membership: this.#membership,
      replay: this.#replay,
      from: attempt.from,
      handlers: { ...attempt.handlers, onEnd: (end) => this.#ended(attempt, end) },
      isOver: () => attempt.isOver,
      now: this.#environment.steady,
      accepts: (connected) => this.#accepts(connected),
    };
  }

  /** Who it is must not change while others listen: the next connection asks anew. */
  #accepts({ tenant, user, transport }: Connected): boolean {
    this.#polls = transport === 'poll';
    this.#denials = 0;
    this.#who ??= { tenant, user };
    if (this.#who.tenant === tenant && this.#who.user === user) return true;
    this.leave();
    return false;
  }

  #ended(attempt: Attempt, end: End): void {
    attempt.handlers.onEnd(end);
    if (end.error?.status === 401) this.#denials += 1;
    // It may be this tab only that the server will not have, with a fresh token too: another one may try.
    if (end.event === 'refused' || this.#denials > 1) this.leave();
  }

  #take(letter: Letter): void {
    // A hidden leader may be late with its back-off while somebody looks at the tab that asks for it.
    this.#environment.runOverdue();
    const { role } = this.#membership;
    if (role === 'leading') this.#takeAsLeader(letter);
    else if (FROM_LEADER.includes(letter.type)) this.#membership.heard();
    this.#attempt?.part?.take(letter);
  }

  #takeAsLeader({ type, from, ...rest }: Letter): void {
    if (type === 'ping') this.#membership.post({ type: 'pong' });
    if (type === 'hello') this.#waiting.set(from, rest as From);
  }

  #turn(): void {
    const goesOnPolling = this.#membership.role === 'leading' && this.#polls;
    this.#attempt?.end(goesOnPolling ? 'unfit' : 'handover');
  }
}
