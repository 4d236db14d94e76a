import type { NewRunLine, Writes } from '@belfry/core';
import type { WriteCall } from '../sql/write-ops.ts';
import { type PackedDrafts, packDrafts, unpackDrafts } from './packed-drafts.ts';

type Lines = Writes['appendLines']['in'];

/** Lines as columns: as objects they take two times as long to send and six times as long to receive. */
interface Columns {
  log: string;
  texts: string[];
  levels: string[];
  times: (string | null)[];
}

/** A publish of several. */
interface Batch {
  tenant: string;
  packed: PackedDrafts;
}

/** A write as it goes from thread to thread: in the form that is cheapest to carry. */
export type PackedCall = Omit<WriteCall, 'input'> & { input: WriteCall['input'] | Columns | Batch };

export function packCall(call: WriteCall): PackedCall {
  if (call.name === 'publish') return packPublish(call);
  if (call.name !== 'appendLines') return call;
  const { log, lines } = call.input as Lines;
  const texts = lines.map(({ text }) => text);
  const levels = lines.map(({ level }) => level);
  const times = lines.map(({ time }) => time);
  return { ...call, input: { log, texts, levels, times } };
}

/** In the other thread. */
export function unpackCall(call: PackedCall): WriteCall {
  if (call.name === 'publish') return unpackPublish(call);
  if (call.name !== 'appendLines') return call as WriteCall;
  const { log, texts, levels, times } = call.input as Columns;
  const lines = texts.map((text, at): NewRunLine => {
    return { text, level: levels[at] as string, time: times[at] as string | null };
  });
  return { ...call, input: { log, lines } };
}

/** What it is may be wrong: the write says so, and none of those beside it suffers. */
function packPublish(call: WriteCall): PackedCall {
  const { tenant, drafts } = (call.input ?? {}) as Partial<Writes['publish']['in']>;
  const packed = packDrafts(drafts);
  return packed === null ? call : { ...call, input: { tenant: tenant as string, packed } };
}

function unpackPublish(call: PackedCall): WriteCall {
  const { tenant, packed } = (call.input ?? {}) as Partial<Batch>;
  if (packed === undefined) return call as WriteCall;
  return { ...call, input: { tenant: tenant as string, drafts: unpackDrafts(packed) } };
}
