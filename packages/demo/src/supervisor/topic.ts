import type { Person, TopicState } from '../wire.ts';
import type { ServiceCalls } from './service-calls.ts';

const CHANNEL = 'topic:kitchen';

const TEXTS: readonly (readonly [title: string, body: string])[] = [
  ['The oven is free', 'Until four o’clock.'],
  ['Plums have arrived', 'Two crates, by the back door.'],
  ['Tasting at three', 'Bring a spoon.'],
];

/** A topic with members: who is taken out of it no longer sees what is sent there. */
export class Topic {
  readonly #calls: ServiceCalls;
  readonly #onChange: (state: TopicState) => void;
  #ben = true;
  #sent = 0;

  constructor(calls: ServiceCalls, onChange: (state: TopicState) => void) {
    this.#calls = calls;
    this.#onChange = onChange;
  }

  get state(): TopicState {
    return { channel: CHANNEL, ben: this.#ben };
  }

  /** Both are in it at each start, whatever the last one left behind. */
  async open(): Promise<void> {
    await this.#letIn('ada');
    await this.#letIn('ben');
  }

  async send(): Promise<void> {
    const [title, body] = TEXTS[this.#sent % TEXTS.length]!;
    this.#sent += 1;
    const subject = { kind: 'topic', id: CHANNEL, title: CHANNEL };
    await this.#calls.call('POST', '/v1/notifications', { to: CHANNEL, type: 'demo.topic', title, body, subject });
  }

  async letBenIn(member: boolean): Promise<void> {
    if (member) await this.#letIn('ben');
    else await this.#calls.call('DELETE', `/v1/memberships?${new URLSearchParams({ channel: CHANNEL, user: 'ben' })}`);
    this.#ben = member;
    this.#onChange(this.state);
  }

  #letIn(user: Person): Promise<unknown> {
    return this.#calls.call('PUT', '/v1/memberships', { channel: CHANNEL, user });
  }
}
