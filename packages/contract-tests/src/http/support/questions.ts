import { questionShape } from '@belfry/protocol/schemas';
import { expect } from 'vitest';
import type { Answer, Caller } from './caller.ts';
import type { StreamReader } from './stream-reader.ts';

export type Asked = ReturnType<typeof questionShape.parse>;

/** Asks, and gives what was answered, in the shape of the contract and nothing more. */
export async function ask(caller: Caller, body: Record<string, unknown> = {}): Promise<Asked> {
  const answer = await caller.post('/v1/questions', { message: 'Ship it?', options: ['yes', 'no'], ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return questionShape.strict().parse(answer.body);
}

export function answerIt(caller: Caller, { id }: { id: string }, content: unknown = { value: 'yes' }): Promise<Answer> {
  return caller.post(`/v1/questions/${id}/answer`, { action: 'accept', content });
}

export async function questionsInState(caller: Caller): Promise<Asked[]> {
  const { body } = await caller.get('/v1/stream?wait=0');
  return (body as { state: { questions: Asked[] } }).state.questions;
}

/** The event of this type about this question, on an open stream. */
export async function questionEvent(stream: StreamReader, type: string, { id }: { id: string }): Promise<Asked> {
  const { data } = await stream.block(
    (block) => block.event === undefined && block.data?.includes(`"${type}"`) === true && block.data.includes(id),
    type,
  );
  return JSON.parse(data as string).data.question as Asked;
}
