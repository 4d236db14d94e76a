import type { ConnectedFrame } from '@belfry/protocol';
import type { StreamRequest } from './stream-request.ts';

/** Whose stream or poll it is and what it carries, as `connected` and the answer of a poll tell it. */
export function whoOf(request: StreamRequest): Pick<ConnectedFrame, 'tenant' | 'user' | 'readOnly' | 'channels'> {
  const { principal } = request;
  return {
    tenant: principal.tenant,
    user: principal.kind === 'person' ? principal.user : null,
    readOnly: principal.kind === 'person' && principal.readOnly,
    channels: channelsShown(request),
  };
}

function channelsShown({ grants }: StreamRequest): string[] {
  if (grants.everything) return ['*'];
  return [...grants.exact, ...grants.prefixes.map((prefix) => `${prefix}*`)];
}
