import type { Answer, BelfryError, EventEnvelope, Question, StateFrame } from '@belfry/protocol';
import { Deeds } from '../deeds.ts';
import type { Host, Part } from '../host.ts';
import { selectFrom } from '../select.ts';
import { createStore, type Readable, type Store } from '../store.ts';
import { isAbout, type SubjectRef } from '../subject.ts';
import { Drafts } from './drafts.ts';
import { QuestionLedger } from './ledger.ts';
import type { AnswerInput, AskInput, QuestionItem, Questions, QuestionsSnapshot } from './questions.ts';
import { Shown } from './view.ts';

/** Timers of browsers go no further than 24 days; they are set anew. */
const LONGEST_MS = 86_400_000;

/** The questions of a client. It is to be made before the client starts. */
export function questionsOf({ host }: { host: Host }): Questions {
  const store = new QuestionStore(host);
  host.add(store);
  return store;
}

class QuestionStore implements Questions, Part {
  readonly family = 'question.*';
  declare readonly subscribe: Store<QuestionsSnapshot>['subscribe'];
  declare readonly getSnapshot: Store<QuestionsSnapshot>['getSnapshot'];
  readonly #host: Host;
  readonly #store: Store<QuestionsSnapshot>;
  readonly #deeds: Deeds;
  readonly #ledger = new QuestionLedger();
  readonly #drafts = new Drafts();
  readonly #shown = new Shown();
  #stopped = true;
  #cancelTimer = (): void => {};

  constructor(host: Host) {
    this.#host = host;
    this.#store = createStore(() => this.#derive(), host.environment.report);
    this.subscribe = this.#store.subscribe;
    this.getSnapshot = this.#store.getSnapshot;
    this.#deeds = new Deeds(host, () => this.touch());
  }

  answer = async (id: string, { action, content = null }: AnswerInput): Promise<boolean> => {
    if (!this.#deeds.allowed()) return false;
    const answer: Answer = { action, content: action === 'accept' ? content : null, by: this.#me, at: this.#time };
    const body = answer.content === null ? { action } : { action, content };
    return this.#change(id, 'answer', { status: 'answered', answer }, body);
  };

  cancel = async (id: string): Promise<boolean> => {
    if (!this.#deeds.allowed()) return false;
    return this.#change(id, 'cancel', { status: 'cancelled', answer: null });
  };

  ask = async (input: AskInput): Promise<Question | null> => {
    if (!this.#deeds.allowed()) return null;
    const draft = this.#drafts.add(input, this.#me, this.#time);
    this.touch();
    try {
      const question = await this.#deeds.create<Question>('/v1/questions', { ...input, answerBy: 'service' });
      if (this.#ledger.get(question.id) === undefined) this.#put(question);
      return question;
    } catch (error) {
      this.#deeds.fail(error);
      return null;
    } finally {
      this.#drafts.remove(draft);
      this.touch();
    }
  };

  dismiss = (id: string): void => {
    this.#ledger.dismiss(id, this.#host.serverNow());
    this.touch();
  };

  about = (subject: SubjectRef): Readable<QuestionsSnapshot> => {
    const fits = isAbout(subject);
    return selectFrom([this], (all) => {
      const items = all.items.filter(fits);
      return { ...all, items, open: openOf(items), asked: all.asked.filter(fits) };
    });
  };

  timeLeft = ({ expiresAt }: Pick<Question, 'expiresAt'>): number | null => {
    const now = this.#host.serverNow();
    return expiresAt === null || now === null ? null : Math.max(0, Date.parse(expiresAt) - now);
  };

  stateCame(state: StateFrame): void {
    this.#stopped = false;
    this.#ledger.stateCame(state);
    this.touch();
  }

  take({ type, data }: EventEnvelope): void {
    if (!type.startsWith('question.')) return;
    const { question } = data as unknown as { question: Question };
    if (type === 'question.opened') this.#drafts.arrived(question);
    this.#put(question);
  }

  connected(): void {
    this.#stopped = false;
    this.touch();
  }

  touch(): void {
    this.#ledger.prune(this.#host.environment.steady());
    this.#schedule();
    this.#store.touch();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  async #change(
    id: string,
    call: string,
    change: Pick<Question, 'status' | 'answer'>,
    body?: unknown,
  ): Promise<boolean> {
    const attempt = this.#ledger.attempt(id, change);
    this.touch();
    const path = `/v1/questions/${encodeURIComponent(id)}`;
    try {
      this.#put(await this.#deeds.post<Question>(`${path}/${call}`, body));
      return true;
    } catch (error) {
      this.#ledger.takeBack(attempt, this.#deeds.fail(error));
      await this.#lookWhy(id, path, this.#deeds.fail(error));
      return this.#isTaken(id, change);
    } finally {
      this.touch();
    }
  }

  /** Who was first stands in the refusal; of what has expired, been cancelled or is gone, the server knows more. */
  async #lookWhy(id: string, path: string, error: BelfryError): Promise<void> {
    const known = this.#ledger.get(id);
    if (error.code === 'already_answered' && known !== undefined && error.answer) {
      this.#put({ ...known, status: 'answered', answer: error.answer as Answer });
    } else if (error.code === 'not_found') this.#ledger.remove(id);
    else if (error.code === 'expired' || this.#ledger.isLeftOut(id)) {
      const now = await this.#host.requester.call(path, {}).catch(() => null);
      if (now !== null) this.#put(now as Question);
    }
  }

  /** Of an answer that was taken, and only the word of it lost. */
  #isTaken(id: string, change: Pick<Question, 'status' | 'answer'>): boolean {
    const closed = this.#store.getSnapshot().items.find((item) => item.id === id && item.status === change.status);
    if (closed === undefined || closed.elsewhere || closed.pending) return false;
    this.#deeds.error = null;
    return true;
  }

  #put(question: Question): void {
    this.#ledger.put(question, this.#host.environment.steady());
    this.touch();
  }

  #schedule(): void {
    this.#cancelTimer();
    const { environment } = this.#host;
    const ms = this.#ledger.nextChange(environment.steady(), this.#host.serverNow());
    if (this.#stopped || ms === null) return;
    this.#cancelTimer = environment.setTimer(() => this.touch(), Math.min(ms, LONGEST_MS));
  }

  #derive(): QuestionsSnapshot {
    const all = this.#shown.of([...this.#ledger.view(this.#host.serverNow()), ...this.#drafts.items]);
    const items = all.filter(({ answerBy }) => answerBy === 'person');
    return {
      items,
      open: openOf(items),
      asked: all.filter(({ answerBy }) => answerBy === 'service'),
      ...this.#deeds.shown(),
      loading: !this.#ledger.ready,
    };
  }

  get #me(): { user: string; name: null } {
    return { user: this.#host.user() ?? '', name: null };
  }

  get #time(): string {
    return new Date(this.#host.serverNow() ?? Date.now()).toISOString();
  }
}

function openOf(items: readonly QuestionItem[]): number {
  return items.filter(({ status }) => status === 'open').length;
}
