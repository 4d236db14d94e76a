import type { TypeFilter } from '@belfry/protocol';
import type { Environment } from '../environment.ts';
import type { Call } from '../requester.ts';
import type { Status } from '../status.ts';

/** What the inbox needs of the client it belongs to. */
export interface InboxHost {
  call(path: string, call: Call): Promise<unknown>;
  status(): Status;
  cursor(): string | null;
  types: TypeFilter | undefined;
  environment: Environment;
}
