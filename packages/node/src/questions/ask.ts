import { backoffMs } from '@belfry/client/transport';
import type { Question } from '@belfry/protocol';
import type { Api } from '../api.ts';
import { exactJson } from '../exact-json.ts';
import type { CreateOptions } from '../options.ts';
import type { ClosedQuestion, QuestionInput } from './input.ts';

/** How long the server may keep one request; it is asked again until the question is closed. */
const WAIT_SECONDS = 25;
/** What the answer may need beyond that. */
const SPARE_MS = 15_000;

/** Asks once, however often its process is started anew with the same key, and waits for how it ends. */
export async function ask(api: Api, question: QuestionInput, options: CreateOptions): Promise<ClosedQuestion> {
  const asked = await api.create<Question>('/v1/questions', exactJson(question), options);
  return closed(api, asked.id, options.signal);
}

/** The question once it is not open any more, for as long as that takes: servers may go and come meanwhile. */
export async function closed(api: Api, id: string, signal: AbortSignal | undefined): Promise<ClosedQuestion> {
  const { now, random } = api.environment;
  const query = { wait: String(WAIT_SECONDS) };
  const timeoutMs = WAIT_SECONDS * 1_000 + SPARE_MS;
  for (let early = 0; ; ) {
    const since = now();
    const path = `/v1/questions/${encodeURIComponent(id)}`;
    const question = await api.call<Question>(path, { query, timeoutMs, signal }, Number.POSITIVE_INFINITY);
    if (question.status !== 'open') return question as ClosedQuestion;
    // A process that leaves answers at once; until it is gone it would answer again and again.
    early = now() - since < 1_000 ? early + 1 : 0;
    if (early > 0) await api.pause(backoffMs(early, 200, random), signal);
  }
}
