import { describe } from 'vitest';
import { ackSuite } from './acks.ts';
import { durabilitySuite } from './durability.ts';
import { expirySuite } from './expiry.ts';
import { groupSuite } from './groups.ts';
import type { StoreHarness } from './harness.ts';
import { idempotencySuite } from './idempotency.ts';
import { inboxSuite } from './inbox.ts';
import { keySuite } from './keys.ts';
import { logSuite } from './log.ts';
import { marksSuite } from './marks.ts';
import { marksModelSuite } from './marks-model.ts';
import { publishSuite } from './publish.ts';
import { retentionSuite } from './retention.ts';
import { serviceListSuite } from './service-lists.ts';
import { ticketSuite } from './tickets.ts';

export type { OpenStore, StoreHarness } from './harness.ts';

/** All that an engine must do to be a store. */
export function storeContract(name: string, harness: StoreHarness): void {
  describe(name, () => {
    logSuite(harness);
    publishSuite(harness);
    expirySuite(harness);
    inboxSuite(harness);
    serviceListSuite(harness);
    marksSuite(harness);
    marksModelSuite(harness);
    groupSuite(harness);
    idempotencySuite(harness);
    ticketSuite(harness);
    keySuite(harness);
    ackSuite(harness);
    retentionSuite(harness);
    durabilitySuite(harness);
  });
}
