import type { ReadName, Reads } from '@belfry/core';
import type { GroupOp, ReadContext, ReadOp } from '../sql/context.ts';
import { GROUP_OPS, type GroupName, READ_OPS } from '../sql/read-ops.ts';
import type { SqliteDatabase } from './database.ts';

export interface ReadCall<Name extends ReadName = ReadName> {
  name: Name;
  input: Reads[Name]['in'];
}

/** What several ask, to be answered from one snapshot. */
export interface GroupCall {
  name: GroupName;
  inputs: Reads[GroupName]['in'][];
}

/** One transaction, so that all its queries see the same moment. */
export async function answerRead(
  database: SqliteDatabase,
  context: ReadContext,
  call: ReadCall | GroupCall,
): Promise<unknown> {
  database.statement('begin').run();
  try {
    return await answer(context, call);
  } finally {
    database.statement('commit').run();
  }
}

function answer(context: ReadContext, call: ReadCall | GroupCall): Promise<unknown> {
  if ('inputs' in call) return (GROUP_OPS[call.name] as GroupOp<GroupName>)(context, call.inputs);
  return (READ_OPS[call.name] as ReadOp<ReadName>)(context, call.input);
}
