import type { WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { heard, keepTail, openTail } from './run-tail.ts';
import { LINES } from './runs.ts';

/** In a run's own log, events of the app's are found by what they are too. */
const EVENTS = 'events';

export const appendLines: WriteOp<'appendLines'> = async (context, { log: name, lines }) => {
  const log = await LogWriter.open(context, name);
  const tail = await openTail(context, log.log);
  const numbered = lines.map(({ text, level, time }, index) => ({
    n: tail.line_count + index + 1,
    time: time ?? log.time,
    level,
    text,
  }));
  const position = log.append('run.log', [LINES], JSON.stringify({ lines: numbered }));
  await keepTail(context, heard({ ...tail, line_count: tail.line_count + lines.length }, context.now));
  await log.flush();
  return { cursor: log.cursor(position) };
};

export const emitInRun: WriteOp<'emitInRun'> = async (context, { log: name, type, data }) => {
  const log = await LogWriter.open(context, name);
  const tail = await openTail(context, log.log);
  const position = log.append(type, [EVENTS], data);
  await keepTail(context, heard(tail, context.now));
  await log.flush();
  return { cursor: log.cursor(position) };
};

export const beat: WriteOp<'beat'> = async (context, { log: name }) => {
  const { log } = await LogWriter.open(context, name);
  await keepTail(context, heard(await openTail(context, log), context.now));
  return null;
};
