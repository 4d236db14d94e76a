import type { AskedQuestion, Ledger } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Fault, FaultKind } from './fault.ts';
import type { TurnedAhead } from './turned-ahead.ts';

/** Each question was opened once and ended once, as it may, and everyone was told of that one end. */
export function checkQuestions(log: readonly Logged[], { questions, turns }: Ledger): Fault[] {
  const byMessage = Map.groupBy(
    log.filter(({ question }) => question !== null),
    ({ question }) => question?.message,
  );
  return questions.flatMap((asked) => checkQuestion(heeded(asked, turns), byMessage.get(asked.message) ?? []));
}

/** Where a clock was ahead its process may have said of one with a time to end at that it is over, and others took an answer. */
function heeded(asked: AskedQuestion, turns: readonly TurnedAhead[]): AskedQuestion {
  if (!asked.expires || !turns.some(({ byMs }) => byMs > 0)) return asked;
  const tries = asked.tries.filter(({ outcome }) => outcome !== 'late');
  return { ...asked, tries, waits: asked.waits.filter((told) => told?.status !== 'expired') };
}

const ENDS = ['question.answered', 'question.expired', 'question.cancelled'];

function checkQuestion(asked: AskedQuestion, events: readonly Logged[]): Fault[] {
  const fault = (kind: FaultKind, what: string): Fault => ({ kind, who: asked.message, what });
  const opened = events.filter(({ type }) => type === 'question.opened');
  const ended = events.filter(({ type }) => ENDS.includes(type));
  const faults = [...once(opened, 'opened', fault), ...once(ended, 'ended', fault)];
  const [open, end] = [opened[0], ended[0]];
  if (open === undefined || end === undefined) return faults;
  const again = [...opened.slice(1), ...ended.slice(1)];
  const astray = events.find((event) => (event.n < open.n || event.n > end.n) && !again.includes(event));
  if (astray !== undefined) faults.push(fault('misordered', `${astray.type} is not between its begin and its end`));
  if (events.some(({ to }) => to.join() !== asked.to.join())) faults.push(fault('misdelivered', 'is told to others'));
  return [...faults, ...checkEdit(asked, events, fault), ...checkEnd(asked, end, fault)];
}

/** An edit may be told twice, where its answer was lost and it was sent again. */
function checkEdit({ edited }: AskedQuestion, events: readonly Logged[], fault: MakeFault): Fault[] {
  const isTold = events.some(({ type }) => type === 'question.updated');
  if (edited === 'done' && !isTold) return [fault('lost', 'was edited, which is not told')];
  return edited === 'none' && isTold ? [fault('invented', 'was edited by nobody')] : [];
}

function checkEnd(asked: AskedQuestion, end: Logged, fault: MakeFault): Fault[] {
  const status = end.type.slice('question.'.length);
  return [
    ...checkTaken(asked, status, fault),
    ...(status === 'answered' ? checkTold(asked, end.question?.answer ?? null, fault) : checkUntold(asked, fault)),
    ...asked.waits.filter((told) => told === null).map(() => fault('lost', 'who waited was not told')),
    ...asked.waits
      .filter((told) => told !== null && (told.status !== status || told.answer !== (end.question?.answer ?? null)))
      .map((told) => fault('altered', `"${told?.answer}", ${told?.status}, was waited for, and it is ${status}`)),
  ];
}

/** What whoever took it back, or edited it, was told of how it ended. */
function checkTaken({ cancelled, edited, expires }: AskedQuestion, status: string, fault: MakeFault): Fault[] {
  const toldOf = { done: 'cancelled', beaten: 'answered', late: 'expired' } as const;
  const told = cancelled === 'none' || cancelled === 'unknown' ? null : toldOf[cancelled];
  return [
    ...(told !== null && told !== status
      ? [fault('altered', `who took it back was told ${told}; it is ${status}`)]
      : []),
    ...(status === 'cancelled' && cancelled === 'none' ? [fault('invented', 'was taken back by nobody')] : []),
    ...(status === 'expired' && !expires ? [fault('invented', 'has no time to expire at')] : []),
    ...(edited === 'beaten' && status !== 'answered' ? [fault('altered', `an edit was told of an answer`)] : []),
    ...(edited === 'late' && status === 'answered' ? [fault('altered', `an edit was told that it was over`)] : []),
  ];
}

/** It ended without an answer: nobody was told of one. */
function checkUntold({ tries }: AskedQuestion, fault: MakeFault): Fault[] {
  return tries
    .filter(({ outcome }) => outcome === 'won' || outcome === 'beaten')
    .map(({ user, outcome }) => fault('lost', `${user} was told of an answer (${outcome}), and there is none`));
}

type MakeFault = (kind: FaultKind, what: string) => Fault;

function once(events: readonly Logged[], what: string, fault: MakeFault): Fault[] {
  if (events.length === 1) return [];
  return [fault(events.length === 0 ? 'lost' : 'doubled', `was ${what} ${events.length} times`)];
}

/** One cut off may be the first; one who was told otherwise, or that it was over, may not. */
function checkTold({ tries }: AskedQuestion, first: string | null, fault: MakeFault): Fault[] {
  const winners = tries.filter(({ outcome }) => outcome === 'won');
  const wrong = tries.filter((one) => one.outcome !== 'unknown' && one.first !== first);
  const author = tries.find(({ value }) => value === first);
  return [
    ...(winners.length > 1 ? [fault('doubled', `was won by ${winners.map(({ user }) => user)}`)] : []),
    ...wrong.map((one) => fault('altered', `${one.user} was told of "${one.first}", and "${first}" is kept`)),
    ...(author === undefined ? [fault('invented', `"${first}" is nobody's answer`)] : []),
    ...(author?.outcome === 'beaten' ? [fault('altered', `${author.user} won and was told otherwise`)] : []),
  ];
}
