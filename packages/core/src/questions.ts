import {
  type Answer,
  BelfryError,
  type Channel,
  invalid,
  type Json,
  type Page,
  type Question,
  userChannel,
} from '@belfry/protocol';
import { type NewAnswer, type NewQuestion, type PatchQuestion, schemaOf } from '@belfry/protocol/schemas';
import { requireOwnQuestion, requireService, requireWriter } from './access.ts';
import type { Clock } from './clock.ts';
import { newId } from './ids.ts';
import { type Principal, type Reader, readerOf } from './principal.ts';
import type { Published } from './published.ts';
import type { Recorder } from './recorder.ts';
import type { Idempotency } from './store/commit.ts';
import type { AskedQuestion, QuestionDraft, QuestionPatch, QuestionQuery } from './store/questions.ts';

/** Asking, and answering what was asked. Services ask people, or other services; people ask services. */
export class Questions {
  readonly #recorder: Recorder;
  readonly #clock: Clock;

  constructor(recorder: Recorder, clock: Clock) {
    this.#recorder = recorder;
    this.#clock = clock;
  }

  /** @throws BelfryError `forbidden` where a person asks anyone but services, or a key may not publish. */
  async ask(principal: Principal, body: NewQuestion, idempotency?: Idempotency): Promise<Published<Question>> {
    const draft = questionDraft(newId(this.#clock.now()), principal, body);
    const { out, replayed } = await this.#recorder.commit('ask', { ...this.#as(principal), draft }, idempotency);
    return { value: out.question, replayed };
  }

  /**
   * The first answer wins.
   *
   * @throws BelfryError as the store's `answer` does.
   */
  async answer(
    principal: Principal,
    id: string,
    { action, content }: NewAnswer,
    idempotency?: Idempotency,
  ): Promise<Published<Question>> {
    const filled = filledIn({ action, content });
    const input = { ...this.#as(principal), id, by: answererOf(principal), action, content: filled };
    const { out, replayed } = await this.#recorder.commit('answer', input, idempotency);
    return { value: out.question, replayed };
  }

  async edit(tenant: string, id: string, patch: PatchQuestion): Promise<Question> {
    const { out } = await this.#recorder.commit('editQuestion', { tenant, id, patch: normalized(patch) });
    return out.question;
  }

  /** By a service, or by the person who asked. Again is harmless. */
  async cancel(principal: Principal, id: string): Promise<Question> {
    const { out } = await this.#recorder.commit('cancelQuestion', { ...this.#as(principal), id });
    return out.question;
  }

  /** @throws BelfryError `not_found` also where they were not asked. */
  async get(principal: Principal, id: string): Promise<AskedQuestion> {
    const found = await this.#recorder.store.read('question', { ...this.#as(principal), id });
    if (found === null) throw noQuestion();
    return found;
  }

  list(principal: Principal, query: QuestionQuery): Promise<Page<Question>> {
    return this.#recorder.store.read('questions', { ...this.#as(principal), query });
  }

  /** Whose eyes the store looks with. */
  #as(principal: Principal): { tenant: string; reader?: Reader } {
    const { tenant } = principal;
    return principal.kind === 'service' ? { tenant } : { tenant, reader: readerOf(principal, this.#clock.now()) };
  }
}

export function noQuestion(): BelfryError {
  return new BelfryError('not_found', 'There is no such question here, or you were not asked.');
}

/** Nothing to fill in is filled in by accepting. */
export function filledIn({ action, content }: Pick<NewAnswer, 'action'> & { content: Json | undefined }): Json {
  return action === 'accept' ? (content ?? {}) : null;
}

/** With every field set; absent is null. */
export function questionDraft(id: string, principal: Principal, body: NewQuestion): QuestionDraft {
  return {
    id,
    to: addressees(principal, body),
    message: body.message,
    description: body.description ?? null,
    schema: schemaOf(body),
    subject: body.subject ?? null,
    assignee: body.assignee ?? null,
    run: body.run ?? null,
    answerBy: principal.kind === 'person' ? 'service' : (body.answerBy ?? 'person'),
    askedBy: principal.kind === 'person' ? { user: principal.user, name: principal.name } : null,
    expiresAt: body.expiresAt ?? null,
    expiresInMs: body.expiresInSeconds == null ? null : body.expiresInSeconds * 1_000,
    data: body.data ?? null,
  } as QuestionDraft;
}

/** What a person asks is theirs to follow; services see all of a tenant anyway. */
function addressees(principal: Principal, { to, answerBy }: NewQuestion): Channel[] {
  if (principal.kind === 'service') {
    requireService(principal, 'publish');
    if (to == null) throw invalid('to', 'to is missing: name a channel, such as user:42.');
    return to;
  }
  requireOwnQuestion(requireWriter(principal), to ?? null, answerBy);
  return [userChannel(principal.user)];
}

function answererOf(principal: Principal): Answer['by'] {
  if (principal.kind === 'service') return { user: requireService(principal, 'publish').key, name: null };
  const { user, name } = requireWriter(principal);
  return { user, name };
}

/** Without what the asker did not name: an absent field stays as it is, null clears. */
function normalized({ expiresInSeconds, ...patch }: PatchQuestion): QuestionPatch {
  const named = Object.entries(patch).filter(([, value]) => value !== undefined);
  if (expiresInSeconds === null) named.push(['expiresAt', null]);
  if (expiresInSeconds != null) named.push(['expiresInMs', expiresInSeconds * 1_000]);
  return Object.fromEntries(named) as QuestionPatch;
}
