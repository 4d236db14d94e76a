import type { QuestionDraft, QuestionPatch } from '@belfry/core';
import { isoTime } from '@belfry/core';
import { type Channel, invalid, type Position, type Question } from '@belfry/protocol';
import type { LogWriter } from '../log/log-writer.ts';
import type { QuestionRow } from '../schema.ts';

type Content = Omit<Question, 'status' | 'answer'>;

/**
 * As the log has left it. One that is due and not yet swept can't be answered any more, but may have been: an answer that
 * came in time can be on its way to disk. So nobody is told that it expired before the log says so.
 */
export function questionOf(row: QuestionRow): Question {
  const { data, ...content }: Content = JSON.parse(row.content);
  const answer = row.answer === null ? null : JSON.parse(row.answer);
  return { ...content, status: row.status, answer, data };
}

export function recipientsOf(row: QuestionRow): Channel[] {
  return JSON.parse(row.recipients);
}

export function isDue({ status, expires_at }: QuestionRow, now: number): boolean {
  return status === 'open' && expires_at !== null && expires_at <= now;
}

/** The `data` of every event of a question. Its id comes first: who waits for it looks for that and parses nothing. */
export function questionData(question: Question): string {
  return JSON.stringify({ question });
}

export function rowOf(log: LogWriter, position: Position, draft: QuestionDraft, now: number): QuestionRow {
  const { to, expiresInMs: _, id, ...asked } = draft;
  const expiresAt = expiryOf(draft, now);
  const content: Content = { id, ...asked, expiresAt, createdAt: log.time };
  return {
    log: log.log,
    n: position.n,
    check_value: position.check,
    status: 'open',
    answer_by: draft.answerBy,
    asker: draft.askedBy?.user ?? null,
    recipients: JSON.stringify([...new Set(to)]),
    answer: null,
    closed_at: null,
    ...contentColumns(content),
  };
}

export function edited(row: QuestionRow, { expiresInMs, ...patch }: QuestionPatch, now: number): QuestionRow {
  const content: Content = { ...JSON.parse(row.content), ...patch };
  if (expiresInMs !== undefined || patch.expiresAt != null) {
    content.expiresAt = expiryOf({ expiresAt: patch.expiresAt ?? null, expiresInMs: expiresInMs ?? null }, now);
  }
  return { ...row, ...contentColumns(content) };
}

/** What the content says, with the columns that lists and sweeps look for. */
function contentColumns(content: Content) {
  return {
    id: content.id,
    subject_kind: content.subject?.kind ?? null,
    subject_id: content.subject?.id ?? null,
    expires_at: content.expiresAt === null ? null : Date.parse(content.expiresAt),
    content: JSON.stringify(content),
  };
}

/** Judged here and not before, so that a request which comes again after its time still gets its first answer. */
function expiryOf({ expiresAt, expiresInMs }: Pick<QuestionDraft, 'expiresAt' | 'expiresInMs'>, now: number) {
  if (expiresInMs !== null) return isoTime(now + expiresInMs);
  if (expiresAt === null || Date.parse(expiresAt) > now) return expiresAt;
  throw invalid('expiresAt', 'expiresAt is in the past: give a later time, or leave it out.');
}
