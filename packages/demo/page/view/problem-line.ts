import { BelfryError } from '@belfry/protocol';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { World } from '../world.ts';
import { button, el, setText } from './dom.ts';

/** What the person wanted, in the past: "marked", "loaded". */
type Wish = 'marked' | 'loaded' | 'answered';

/** Says what failed in an inbox, and why, until it is dismissed, done again, or the connection is back. */
export class ProblemLine {
  readonly element: HTMLElement;
  readonly #lane: BelfryLane;
  readonly #world: World;
  readonly #text = el('span');
  #failure: string | null = null;
  #wasLive = false;

  constructor(lane: BelfryLane, world: World) {
    this.#lane = lane;
    this.#world = world;
    const dismiss = button('Dismiss', () => this.#tell(null), { class: 'quiet' });
    this.element = el('p', { class: 'problem dismissible', role: 'alert', hidden: true }, this.#text, dismiss);
  }

  /** Follows one call of the inbox, which answers whether the server took it. */
  async follow(wish: Wish, call: Promise<boolean>): Promise<void> {
    this.#tell(null);
    if (!(await call)) this.#tell(`Not ${wish}: ${this.#why(this.#lane.client.inbox.getSnapshot().error)}`);
  }

  /** Follows one call that rejects where the server did not take it. Answers whether it did. */
  async attempt(wish: Wish, call: Promise<unknown>): Promise<boolean> {
    this.#tell(null);
    try {
      await call;
      return true;
    } catch (error) {
      this.#tell(`Not ${wish}: ${this.#why(error)}`);
      return false;
    }
  }

  render(): void {
    const { value, error } = this.#lane.status;
    const isLive = value === 'live';
    if (isLive && !this.#wasLive) this.#failure = null;
    this.#wasLive = isLive;
    // A server that is away is said by the chip already.
    const refused = error !== null && error.code !== 'unavailable' ? error.message : '';
    setText(this.#text, this.#failure ?? refused);
    this.element.hidden = this.#text.textContent === '';
  }

  #tell(failure: string | null): void {
    this.#failure = failure;
    this.render();
  }

  #why(error: unknown): string {
    if (error instanceof BelfryError && error.code !== 'unavailable') return error.message;
    const isCut = this.#lane.person.user === 'ben' && this.#world.network.cutUntil !== null;
    return `${isCut ? 'the network was cut' : 'the server was away'}. Try again.`;
  }
}
