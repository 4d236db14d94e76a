import type { Json, Subject } from './notification.ts';

export type QuestionStatus = 'open' | 'answered' | 'expired' | 'cancelled';

export interface Answer {
  action: 'accept' | 'decline';
  content: Json;
  by: { user: string; name: string | null };
  at: string;
}

/** Something someone must answer. `schema` is the flat JSON Schema of MCP elicitation. */
export interface Question {
  id: string;
  message: string;
  description: string | null;
  schema: { [key: string]: Json };
  subject: Subject | null;
  assignee: string | null;
  run: string | null;
  status: QuestionStatus;
  answerBy: 'person' | 'service';
  answer: Answer | null;
  createdAt: string;
  expiresAt: string | null;
  data: Json;
}
