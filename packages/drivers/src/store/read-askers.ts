import type { Reader, ReadName, Reads } from '@belfry/core';
import { topicOf } from '@belfry/core';
import type { Asker } from './turns.ts';

/** How much of one person's may wait: what their streams, 32 and 32 of runs, begin with at once, and as much again. */
const PERSON = 128;
/** Of all services of a tenant together. */
const SERVICES = 1_000;

type AskerOf = { [Name in ReadName]: (input: Reads[Name]['in']) => Asker | null };

/** Asked by Belfry itself, or by who may do everything: it never waits for the turns of others. */
const nobody = () => null;
const byReader = ({ reader }: { reader: Reader }) => person(reader.tenant, reader.user);
const byReaderOrServices = ({ tenant, reader }: { tenant: string; reader?: Reader | null }) =>
  reader == null ? services(tenant) : person(tenant, reader.user);
const byServices = ({ tenant }: { tenant: string }) => services(tenant);
const ofLog = ({ log, asker }: { log: string; asker?: string | null }) => askerOf(log, asker);
/** Before it is known who they are: as it were a tenant of their own, and each of them for themselves. */
const byStranger = ({ hash }: { hash: string }) => person('', hash);

/** Whose turn each read takes. */
export const READ_ASKERS: AskerOf = {
  heads: nobody,
  outbox: nobody,
  outboxBacklog: nobody,
  deliveryBacklog: nobody,
  webhookWork: nobody,
  signingKeys: nobody,
  ping: nobody,
  keys: nobody,
  keyByHash: byStranger,
  hasTicket: byStranger,
  runAnywhere: ({ id }) => person('', id),
  locate: ofLog,
  readLog: ofLog,
  countBehind: ofLog,
  runLines: ofLog,
  acked: ({ tenant, user }) => person(tenant, user),
  access: byReader,
  state: byReader,
  inbox: byReader,
  inboxJson: byReader,
  inboxItem: byReader,
  counts: byReader,
  question: byReaderOrServices,
  questions: byReaderOrServices,
  runs: byReaderOrServices,
  run: byReaderOrServices,
  runAt: byReaderOrServices,
  firstPublished: byServices,
  serviceState: byServices,
  memberships: byServices,
  notifications: byServices,
  notification: byServices,
  recipients: byServices,
  recipientCounts: byServices,
  webhooks: byServices,
  deliveries: byServices,
};

/** No name is empty: what has none are the services. */
function askerOf(log: string, asker: string | null | undefined): Asker | null {
  if (asker === undefined) return null;
  const { tenant } = topicOf(log);
  return asker === null ? services(tenant) : person(tenant, asker);
}

function person(tenant: string, user: string): Asker {
  return { tenant, who: user, most: PERSON };
}

function services(tenant: string): Asker {
  return { tenant, who: '', most: SERVICES };
}
