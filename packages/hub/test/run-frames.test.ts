import type { LogEvent } from '@belfry/core';
import { encodeSse } from '@belfry/protocol';
import { expect, it } from 'vitest';
import { runFrame } from '../src/run/run-frames.ts';

const event = { tenant: 'acme', run: 'r1', n: 7, check: 'abcd', time: '2026-01-01T00:00:00.000Z', to: ['lines'] };

function written(type: string, data: string): string {
  return Buffer.from(runFrame('1-7-abcd', { ...event, type, data } as LogEvent, 'person')).toString();
}

it.each([
  ['clean text', '{"lines":[{"n":1,"text":"ok"}]}'],
  ['text beyond ASCII', '{"text":"é 🔔 \u2028"}'],
  ['half of a pair', '{"text":"\ud800"}'],
  ['a NUL', '{"text":"\0"}'],
  ['line breaks of each kind', '{"a":\n\n1,\r"b":\r\n2}'],
  ['nothing', ''],
])('a message of a run with %s is written as any message', (_, data) => {
  for (const type of ['run.log', 'app "é"']) {
    const json = `{"type":${JSON.stringify(type)},"time":"${event.time}","data":${data}}`;
    expect(written(type, data)).toBe(Buffer.from(encodeSse({ id: '1-7-abcd', data: json })).toString());
  }
});
