import { readFrames } from './frames.ts';
import { RequestError, unreachable } from './request-error.ts';
import type { Call, Sender } from './sender.ts';
import { streamOf } from './stream-body.ts';
import { type StreamOptions, streamQuery } from './stream-options.ts';
import { unless } from './unless.ts';
import type { Connect, ConnectionHandlers, End, From } from './ways.ts';

const DEFAULT_MAX_FRAME = 16_777_216;

/** The way by a stream: asks for one and reads it to its end. */
export function streaming(options: StreamOptions, sender: Sender): Connect {
  const { maxFrameLength = DEFAULT_MAX_FRAME } = options;
  return (from, handlers) => {
    const controller = new AbortController();
    const { signal } = controller;
    // What is left of a piece of the body when a frame in it led to the abort must not be heard.
    const heard = unless(() => signal.aborted, handlers);
    run(sender, { ...callFor(options, from), signal }, maxFrameLength, heard).then(heard.onEnd);
    return { abort: () => controller.abort() };
  };
}

function callFor(options: StreamOptions, { cursor, access }: From): Call {
  const resumes = cursor !== null;
  return {
    headers: { Accept: 'text/event-stream', ...(resumes && { 'Last-Event-ID': cursor }) },
    query: { ...streamQuery(options), access: (resumes && access) || undefined },
  };
}

async function run(sender: Sender, call: Call, maxLength: number, handlers: ConnectionHandlers): Promise<End> {
  const { tokens, address } = sender;
  try {
    const token = await tokens.get();
    handlers.onToken(token);
    const response = await sender.send('/v1/stream', call, token);
    await readFrames(await streamOf(response), maxLength, handlers);
    return { event: 'ended', error: null };
  } catch (cause) {
    return endOf(cause instanceof RequestError ? cause : unreachable(address, cause), tokens.renewable);
  }
}

/** What a failure means for the machine. A path where no page is, for one: no time will mend that. */
export function endOf(error: RequestError, renewable: boolean): End {
  if (error.status === 401) return { event: renewable ? 'unauthorized' : 'failed', error };
  return { event: error.passing ? 'failed' : 'refused', error };
}
