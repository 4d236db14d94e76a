import type { EventEnvelope, StateFrame, TypeFilter } from '@belfry/protocol';
import type { Environment } from './environment.ts';
import type { Requester } from './requester.ts';
import type { Status } from './status.ts';
import type { Connected } from './ways.ts';

/** A store that lives on the stream of a client. It hears of everything before the app's own handlers do. */
export interface Part {
  /** The events that it lives on, for a stream that is narrowed to some. */
  readonly family: string;
  connected?: (frame: Connected) => void;
  /** Replaces all that was held. */
  stateCame: (state: StateFrame) => void;
  /** `cursor`: where the event stands. */
  take: (event: EventEnvelope, cursor: string | null) => void;
  /** Everything sent until now has arrived. */
  checkpoint?: () => void;
  /** The status may have changed. */
  touch: () => void;
  /** Somebody else is signed in: nothing of what is here may be shown to them. */
  reset: () => void;
  /** Ends every timer and request of its own. */
  stop?: () => void;
}

/** Left out, everything. */
export interface Only {
  readonly channels?: readonly string[] | undefined;
  readonly types?: TypeFilter | undefined;
}

/** As the queries of lists and counts have it. */
export function onlyQuery({ channels, types }: Only): { channels: string | undefined; types: string | undefined } {
  return { channels: channels?.join(','), types: types?.join(',') };
}

/** What stores need of the client that they belong to. */
export interface Host {
  readonly environment: Environment;
  readonly requester: Requester;
  /** What the stream is narrowed to; whatever else is asked for must be narrowed to the same. */
  readonly only: Only;
  status(): Status;
  cursor(): string | null;
  /** Who the stream is for; null for a service, and before it is known. */
  user(): string | null;
  /** The server's clock in milliseconds since 1970, as far as it is known. */
  serverNow(): number | null;
  add(part: Part): void;
}
