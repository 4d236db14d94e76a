import type { ConnectedFrame } from '@belfry/protocol';
import { claimedBy } from './claimed.ts';
import type { StreamRequest } from './stream-request.ts';

/** Longer ones are not kept: as many tokens are known as come in a minute. */
const KEPT_CHARS = 1_000;

export type Who = Pick<ConnectedFrame, 'tenant' | 'user' | 'readOnly' | 'channels'>;

/** Whose stream or poll it is and what it carries, as `connected` and the answer of a poll tell it. */
export function whoOf(request: StreamRequest): Who {
  const { principal } = request;
  return {
    tenant: principal.tenant,
    user: principal.kind === 'person' ? principal.user : null,
    readOnly: principal.kind === 'person' && principal.readOnly,
    channels: channelsShown(request),
  };
}

/** The same as the members of an object in JSON. */
export function whoJson(request: StreamRequest): string {
  const { principal, grants } = request;
  const claimed = principal.kind === 'person' ? claimedBy(principal) : null;
  if (claimed === null || claimed.grants !== grants) return membersOf(whoOf(request));
  const who = claimed.who ?? membersOf(whoOf(request));
  if (who.length <= KEPT_CHARS) claimed.who = who;
  return who;
}

function membersOf(value: object): string {
  return JSON.stringify(value).slice(1, -1);
}

function channelsShown({ grants }: StreamRequest): string[] {
  if (grants.everything) return ['*'];
  return [...grants.exact, ...grants.prefixes.map((prefix) => `${prefix}*`)];
}
