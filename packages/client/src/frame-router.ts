import type { ClosingFrame, EventEnvelope, StateFrame } from '@belfry/protocol';
import type { Frame } from './frame-parser.ts';
import { parseJson } from './json.ts';
import type { Connected } from './ways.ts';

/** Where each kind of frame goes. */
export interface FrameRoutes {
  connected(frame: Connected): void;
  state(frame: StateFrame, id: string | null): void;
  message(event: EventEnvelope, id: string | null): void;
  live(id: string | null): void;
  heartbeat(id: string): void;
  closing(frame: ClosingFrame): void;
  malformed(event: string): void;
}

/** Reads a frame's JSON and hands it on. Names that are not known are left out: the wire only ever grows. */
export function routeFrame({ event, id, data }: Frame, to: FrameRoutes): void {
  if (event === 'live') to.live(id);
  else if (event === 'id') to.heartbeat(id as string);
  else if (Object.hasOwn(SHAPES, event)) routeJson(event as keyof typeof SHAPES, parseJson(data), id, to);
}

function routeJson(event: keyof typeof SHAPES, value: object | null, id: string | null, to: FrameRoutes): void {
  // It was looked at as far as it matters: from here on it is taken for what it says it is.
  if (value !== null && SHAPES[event](value)) to[event](value as never, id);
  else to.malformed(event);
}

/** No more than what the code behind would stumble over: a schema library would weigh more than the client. */
const SHAPES = {
  connected: (value: object) => 'heartbeatMs' in value && (value.heartbeatMs as number) > 0 && 'channels' in value,
  state: (value: object) =>
    'notifications' in value && Array.isArray((value.notifications as { items?: unknown } | null)?.items),
  message: (value: object) => 'type' in value && typeof value.type === 'string',
  closing: (value: object) => 'reason' in value && 'retryMs' in value,
};
