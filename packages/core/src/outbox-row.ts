import { invalid, userChannel } from '@belfry/protocol';
import {
  logLines,
  membership,
  newAnswer,
  newEvent,
  newNotification,
  newQuestion,
  newRun,
  parseWith,
  runPatch,
  sqlPerson,
} from '@belfry/protocol/schemas';
import { logName } from './log-event.ts';
import { draftOf } from './notifications.ts';
import type { Service } from './principal.ts';
import { filledIn, questionDraft } from './questions.ts';
import { changeOf, newLines, runDraftOf } from './runs.ts';
import type { OutboxKind, OutboxRow, Relayed, RelayedCall } from './store/outbox.ts';
import type { QuestionDraft } from './store/questions.ts';

/** What answers in nobody's name is by this service, where others have the id of an API key. */
const SQL = 'sql';

/** The body of a row, its tenant, and the id that the call returned, or was about. */
interface Said {
  tenant: string;
  id: string;
  body: Record<string, unknown>;
}

/** What a row asks for, judged as HTTP would. What can't be read is told as the reason for a dead letter. */
export function readRow({ id: row, tenant, kind, body }: OutboxRow): Relayed {
  try {
    const { id, ...rest } = objectIn(body);
    const said = { tenant, id: String(id), body: rest };
    if (kind === 'event') return { id: row, event: eventFrom(said) };
    if (kind === 'notification') return { id: row, draft: draftFrom(said) };
    return { id: row, call: CALLS[kind](said) };
  } catch (error) {
    return { id: row, reason: (error as Error).message };
  }
}

/** The functions put nothing else there; an owner of the table may. */
function objectIn(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid('body', 'The body is JSON, and no object.');
}

const CALLS: Record<Exclude<OutboxKind, 'notification' | 'event'>, (said: Said) => RelayedCall> = {
  ask: (said) => ({ name: 'ask', input: { tenant: said.tenant, draft: questionFrom(said) } }),
  answer: answerFrom,
  cancel: ({ tenant, id }) => ({ name: 'cancelQuestion', input: { tenant, id } }),
  run: ({ tenant, id, body }) => ({
    name: 'createRun',
    input: { tenant, draft: runDraftOf(id, parseWith(newRun, body)) },
  }),
  run_update: ({ tenant, id, body }) => ({
    name: 'changeRun',
    input: { tenant, id, change: changeOf(parseWith(runPatch, body.change)), reader: null },
  }),
  run_log: ({ tenant, id, body }) => ({
    name: 'appendLines',
    input: { log: logName({ tenant, run: id }), lines: newLines(parseWith(logLines, body).lines) },
  }),
  grant: ({ tenant, body }) => ({ name: 'grant', input: { tenant, ...parseWith(membership, body) } }),
  revoke: ({ tenant, body }) => ({ name: 'revoke', input: { tenant, ...parseWith(membership, body) } }),
};

function draftFrom({ id, body }: Said) {
  const parsed = parseWith(newNotification, body);
  return draftOf(id, parsed, parsed.to ?? []);
}

function eventFrom({ body }: Said) {
  const { to, type, data } = parseWith(newEvent, body);
  return { to, type, data: JSON.stringify(data) };
}

/** What a person asked is theirs to follow, whoever else is named. */
function questionFrom({ tenant, id, body: { askedBy: asked, ...body } }: Said): QuestionDraft {
  const service: Service = { kind: 'service', tenant, key: SQL, scopes: ['publish'], tenants: 'one' };
  const draft = questionDraft(id, service, parseWith(newQuestion, body));
  if (asked == null) return draft;
  const askedBy = parseWith(sqlPerson, asked, 'askedBy');
  const to = [...new Set([userChannel(askedBy.user), ...draft.to])];
  return { ...draft, to, askedBy, answerBy: 'service' };
}

/** In a person's name it counts as theirs whatever they hold: the application is trusted, and answers for that. */
function answerFrom({ tenant, id, body: { by: given, ...body } }: Said): RelayedCall {
  const { action, content } = parseWith(newAnswer, body);
  const answer = { tenant, id, action, content: filledIn({ action, content }) };
  if (given == null) return { name: 'answer', input: { ...answer, by: { user: SQL, name: null } } };
  return { name: 'answer', input: { ...answer, by: parseWith(sqlPerson, given, 'by_user'), vouched: true } };
}
