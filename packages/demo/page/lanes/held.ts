import type { Belfry } from '@belfry/client';
import type { ConnectedFrame, EventData, Question, Run, StateFrame } from '@belfry/protocol';
import { Signal } from '../signal.ts';

type OfQuestion = EventData['question.opened'];
type OfRun = EventData['run.created'];

/** Closed questions and finished runs stay to be looked at, but not for ever. */
const MOST = 100;

/** What one person's stream told of questions, runs and access. `state` replaces all of it. */
export class Held extends Signal {
  readonly #questions = new Map<string, Question>();
  readonly #runs = new Map<string, Run>();
  /** Null: never connected. */
  #channels: Set<string> | null = null;

  constructor(client: Belfry) {
    super();
    client.onFrame(({ event, data }) => {
      if (event === 'connected') this.#connect(JSON.parse(data ?? '') as ConnectedFrame);
      if (event === 'state') this.#replace(JSON.parse(data ?? '') as StateFrame);
    });
    client.on('question.*', ({ data }) => this.#keep(this.#questions, (data as unknown as OfQuestion).question));
    client.on('run.*', ({ data }) => this.#keep(this.#runs, (data as unknown as OfRun).run));
    client.on('access.granted', ({ data }) => this.#change(() => this.#hold(data.channels)));
    client.on('access.revoked', ({ data }) => this.#change(() => this.#drop(data.channels)));
  }

  /** Newest first. Those that a service answers are not for this person to answer. */
  get questions(): Question[] {
    return newestFirst(this.#questions).filter(({ answerBy }) => answerBy === 'person');
  }

  /** Newest first. */
  get runs(): Run[] {
    return newestFirst(this.#runs);
  }

  /** It is known that this person may not see this channel. */
  lacks(channel: string): boolean {
    return this.#channels !== null && !this.#channels.has(channel);
  }

  #connect({ channels }: ConnectedFrame): void {
    this.#change(() => {
      this.#channels = new Set(channels);
    });
  }

  #hold(channels: readonly string[]): void {
    for (const channel of channels) this.#channels?.add(channel);
  }

  #drop(channels: readonly string[]): void {
    for (const channel of channels) this.#channels?.delete(channel);
  }

  #replace({ questions, runs }: StateFrame): void {
    this.#change(() => {
      this.#questions.clear();
      this.#runs.clear();
      for (const question of questions) this.#questions.set(question.id, question);
      for (const run of runs) this.#runs.set(run.id, run);
    });
  }

  #keep<Item extends { id: string }>(items: Map<string, Item>, item: Item): void {
    this.#change(() => {
      items.set(item.id, item);
      if (items.size > MOST) items.delete(items.keys().next().value as string);
    });
  }

  #change(make: () => void): void {
    make();
    this.changed();
  }
}

/** Ids tell their time. */
function newestFirst<Item extends { id: string }>(items: ReadonlyMap<string, Item>): Item[] {
  return [...items.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}
