import type { ConnectionHandlers } from './ways.ts';

/** Handlers that hear nothing more once it is over. */
export function unless(isOver: () => boolean, handlers: ConnectionHandlers): ConnectionHandlers {
  return {
    onFrame: (frame) => isOver() || handlers.onFrame(frame),
    onRetry: (ms) => isOver() || handlers.onRetry(ms),
    onBytes: () => isOver() || handlers.onBytes(),
    onToken: (token) => isOver() || handlers.onToken(token),
    onEnd: (end) => isOver() || handlers.onEnd(end),
  };
}
