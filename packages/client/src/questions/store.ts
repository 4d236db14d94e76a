import type { Answer, BelfryError, Question } from '@belfry/protocol';
import { createAlarm } from '../alarm.ts';
import { createDeeds } from '../deeds.ts';
import type { Host } from '../host.ts';
import { selectFrom } from '../select.ts';
import { createStore } from '../store.ts';
import { isAbout } from '../subject.ts';
import { createDrafts } from './drafts.ts';
import { createQuestionLedger } from './ledger.ts';
import type { QuestionItem, Questions, QuestionsSnapshot } from './questions.ts';
import { createShown, timeLeft } from './view.ts';

/** Timers of browsers go no further than 24 days; they are set anew. */
const LONGEST_MS = 86_400_000;

type Change = Pick<Question, 'status' | 'answer'>;

/** The questions of a client. It is to be made before the client starts. */
export function questionsOf({ host }: { host: Host }): Questions {
  const { environment, requester, serverNow } = host;
  let ledger = createQuestionLedger();
  let drafts = createDrafts();
  const shown = createShown();
  const alarm = createAlarm(environment);
  let stopped = true;

  const store = createStore<QuestionsSnapshot>(() => {
    const all = shown([...ledger.view(serverNow()), ...drafts.items()]);
    const items = all.filter(({ answerBy }) => answerBy === 'person');
    const asked = all.filter(({ answerBy }) => answerBy === 'service');
    return { items, open: openOf(items), asked, ...deeds.shown(), loading: !ledger.isReady() };
  }, environment.report);

  const schedule = (): void => {
    const ms = ledger.nextChange(environment.steady(), serverNow());
    if (stopped || ms === null) alarm.clear();
    else alarm.set(touch, Math.min(ms, LONGEST_MS));
  };
  const touch = (): void => {
    ledger.prune(environment.steady());
    schedule();
    store.touch();
  };
  const deeds = createDeeds(host, touch);

  const put = (question: Question): void => {
    ledger.put(question, environment.steady());
    touch();
  };

  const me = (): { user: string; name: null } => ({ user: host.user() ?? '', name: null });
  const time = (): string => new Date(serverNow() ?? Date.now()).toISOString();

  /** Who was first stands in the refusal; of what has expired, been cancelled or is gone, the server knows more. */
  const lookWhy = async (id: string, path: string, { code, answer }: BelfryError): Promise<void> => {
    const known = ledger.get(id);
    if (code === 'already_answered' && known !== undefined && answer) {
      put({ ...known, status: 'answered', answer: answer as Answer });
    } else if (code === 'not_found') ledger.remove(id);
    else if (code === 'expired' || ledger.isLeftOut(id)) {
      const now = await requester.call(path).catch(() => null);
      if (now !== null) put(now as Question);
    }
  };

  /** Of an answer that was taken, and only the word of it lost. */
  const isTaken = (id: string, { status }: Change): boolean => {
    const closed = store.getSnapshot().items.find((item) => item.id === id && item.status === status);
    if (closed === undefined || closed.elsewhere || closed.pending) return false;
    deeds.forgive();
    return true;
  };

  const change = async (id: string, call: string, to: Change, body?: unknown): Promise<boolean> => {
    const attempt = ledger.attempt(id, to);
    touch();
    const path = `/v1/questions/${encodeURIComponent(id)}`;
    try {
      put((await deeds.post(`${path}/${call}`, body)) as Question);
      return true;
    } catch (error) {
      const reason = deeds.fail(error);
      ledger.takeBack(attempt, reason);
      await lookWhy(id, path, reason);
      return isTaken(id, to);
    } finally {
      touch();
    }
  };

  host.add({
    family: 'question.*',
    connected: () => {
      stopped = false;
      touch();
    },
    stateCame: (state) => {
      stopped = false;
      ledger.stateCame(state);
      touch();
    },
    take: ({ type, data }) => {
      if (!type.startsWith('question.')) return;
      const { question } = data as unknown as { question: Question };
      if (type === 'question.opened') drafts.arrived(question);
      put(question);
    },
    touch,
    reset: () => {
      ledger = createQuestionLedger();
      drafts = createDrafts();
      deeds.forgive();
      touch();
    },
    stop: () => {
      stopped = true;
      alarm.clear();
    },
  });

  return {
    subscribe: store.subscribe,
    getSnapshot: store.getSnapshot,
    answer: async (id, { action, content = null }) => {
      if (!deeds.allowed()) return false;
      const answer: Answer = { action, content: action === 'accept' ? content : null, by: me(), at: time() };
      const body = answer.content === null ? { action } : { action, content };
      return change(id, 'answer', { status: 'answered', answer }, body);
    },
    cancel: async (id) => deeds.allowed() && change(id, 'cancel', { status: 'cancelled', answer: null }),
    ask: async (input) => {
      if (!deeds.allowed()) return null;
      const draft = drafts.add(input, me(), time());
      touch();
      return deeds.tried(async () => {
        try {
          const question = (await deeds.create('/v1/questions', { ...input, answerBy: 'service' })) as Question;
          if (ledger.get(question.id) === undefined) put(question);
          return question;
        } finally {
          drafts.remove(draft);
        }
      }, null);
    },
    dismiss: (id) => {
      ledger.dismiss(id, serverNow());
      touch();
    },
    about: (subject) => {
      const fits = isAbout(subject);
      return selectFrom([store], (all) => {
        const items = all.items.filter(fits);
        return { ...all, items, open: openOf(items), asked: all.asked.filter(fits) };
      });
    },
    timeLeft: (question) => timeLeft(question, serverNow()),
  };
}

function openOf(items: readonly QuestionItem[]): number {
  return items.filter(({ status }) => status === 'open').length;
}
