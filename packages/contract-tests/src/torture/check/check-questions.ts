import type { AskedQuestion, Ledger } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Fault, FaultKind } from './fault.ts';

/** Each question was opened once and answered once, and everyone was told of that one answer. */
export function checkQuestions(log: readonly Logged[], { questions }: Ledger): Fault[] {
  const byMessage = Map.groupBy(
    log.filter(({ question }) => question !== null),
    ({ question }) => question?.message,
  );
  return questions.flatMap((asked) => checkQuestion(asked, byMessage.get(asked.message) ?? []));
}

function checkQuestion(asked: AskedQuestion, events: readonly Logged[]): Fault[] {
  const opened = events.filter(({ type }) => type === 'question.opened');
  const answered = events.filter(({ type }) => type === 'question.answered');
  const fault = (kind: FaultKind, what: string): Fault => ({ kind, who: asked.message, what });
  const faults = [...once(opened, 'opened', fault), ...once(answered, 'answered', fault)];
  const [open, first] = [opened[0], answered[0]];
  if (open === undefined || first === undefined) return faults;
  if (open.n > first.n) faults.push(fault('misordered', `was answered at ${first.n} and opened at ${open.n}`));
  if (events.some(({ to }) => to.join() !== asked.to.join())) faults.push(fault('misdelivered', 'is told to others'));
  return [...faults, ...checkTold(asked, first.question?.answer ?? null, fault)];
}

type MakeFault = (kind: FaultKind, what: string) => Fault;

function once(events: readonly Logged[], what: string, fault: MakeFault): Fault[] {
  if (events.length === 1) return [];
  return [fault(events.length === 0 ? 'lost' : 'doubled', `was ${what} ${events.length} times`)];
}

/** One cut off may be the first; one who was told otherwise may not. */
function checkTold({ tries, waits }: AskedQuestion, first: string | null, fault: MakeFault): Fault[] {
  const winners = tries.filter(({ outcome }) => outcome === 'won');
  const wrong = tries.filter((one) => one.outcome !== 'unknown' && one.first !== first);
  const author = tries.find(({ value }) => value === first);
  return [
    ...(winners.length > 1 ? [fault('doubled', `was won by ${winners.map(({ user }) => user)}`)] : []),
    ...wrong.map((one) => fault('altered', `${one.user} was told of "${one.first}", and "${first}" is kept`)),
    ...(author === undefined ? [fault('invented', `"${first}" is nobody's answer`)] : []),
    ...(author?.outcome === 'beaten' ? [fault('altered', `${author.user} won and was told otherwise`)] : []),
    ...waits.filter((told) => told === null).map(() => fault('lost', 'who waited was not told')),
    ...waits
      .filter((told) => told !== null && told !== first)
      .map((told) => fault('altered', `"${told}" was waited for`)),
  ];
}
