import type { Draft, Lane, SentMessage } from '../wire.ts';

/** What was sent and what each lane said 2xx to: the measure that the page's counts are taken against. */
export class Ledger {
  readonly #kept: number;
  readonly #messages = new Map<number, SentMessage>();
  #nextSeq = 1;

  /** `kept`: how many of the newest messages it remembers. */
  constructor(kept = 2_000) {
    this.#kept = kept;
  }

  get nextSeq(): number {
    return this.#nextSeq;
  }

  get messages(): SentMessage[] {
    return [...this.#messages.values()];
  }

  add(draft: Draft): SentMessage {
    const seq = this.#nextSeq++;
    const message = { ...draft, seq, at: Date.now(), acknowledged: { belfry: null, byHand: null } };
    this.#messages.set(seq, message);
    if (this.#messages.size > this.#kept) this.#messages.delete(this.#messages.keys().next().value as number);
    return message;
  }

  /** Answers the message as it is now. */
  acknowledge(message: SentMessage, lane: Lane): SentMessage {
    message.acknowledged[lane] ??= Date.now() - message.at;
    return message;
  }

  /** A message that Belfry refused never was one. */
  forget({ seq }: SentMessage): void {
    this.#messages.delete(seq);
  }
}
