import { invalid } from '@belfry/protocol';
import type { Draft, Recipient, Severity } from '../wire.ts';

const RECIPIENTS: readonly unknown[] = ['ada', 'ben', 'all'] satisfies Recipient[];
const SEVERITIES: readonly unknown[] = ['info', 'success', 'warning', 'critical'] satisfies Severity[];

/** A message as the page asks for it. What a title may be is for Belfry to judge; here only what this side reads. */
export function draftFrom(input: Record<string, unknown>): Draft {
  const { to, title, body = null, severity = 'info' } = input;
  if (!RECIPIENTS.includes(to)) throw invalid('to', 'to must be ada, ben or all.');
  if (typeof title !== 'string') throw invalid('title', 'title must be a text.');
  if (body !== null && typeof body !== 'string') throw invalid('body', 'body must be a text.');
  if (!SEVERITIES.includes(severity)) throw invalid('severity', 'severity must be info, success, warning or critical.');
  return { to: to as Recipient, title, body, severity: severity as Severity };
}
