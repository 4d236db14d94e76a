import type { CDPSession } from 'playwright-core';

/** What a page's script has made. Compiled code grows with use, and what DevTools itself notes with each request. */
const OF_SCRIPT = ['object', 'closure', 'array', 'string', 'concatenated string', 'sliced string', 'number', 'regexp'];

interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[]] } };
  nodes: number[];
}

/** Bytes of the objects, closures, arrays and texts that can still be reached, after everything else was collected. */
export async function objectBytes(session: CDPSession): Promise<number> {
  const pieces: string[] = [];
  const take = ({ chunk }: { chunk: string }): void => void pieces.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', take);
  await session.send('HeapProfiler.takeHeapSnapshot', {});
  session.off('HeapProfiler.addHeapSnapshotChunk', take);
  return bytesIn(JSON.parse(pieces.join('')) as Snapshot);
}

function bytesIn({ snapshot: { meta }, nodes }: Snapshot): number {
  const { node_fields: fields, node_types: types } = meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (OF_SCRIPT.includes(types[0][nodes[at + type] as number] as string)) bytes += nodes[at + size] as number;
  }
  return bytes;
}
