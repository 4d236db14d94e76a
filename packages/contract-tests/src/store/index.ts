import { describe } from 'vitest';
import { ackSuite } from './acks.ts';
import { appAccessSuite } from './app-access.ts';
import { durabilitySuite } from './durability.ts';
import { expirySuite } from './expiry.ts';
import { fairReadSuite } from './fair-reads.ts';
import { forgetSuite } from './forget.ts';
import { groupSuite } from './groups.ts';
import { type StoreHarness, sharedStore } from './harness.ts';
import { headSuite } from './heads.ts';
import { idempotencySuite } from './idempotency.ts';
import { inboxSuite } from './inbox.ts';
import { keySuite } from './keys.ts';
import { logSuite } from './log.ts';
import { longListSuite } from './long-lists.ts';
import { marksSuite } from './marks.ts';
import { marksModelSuite } from './marks-model.ts';
import { membershipSuite } from './memberships.ts';
import { publishSuite } from './publish.ts';
import { questionExpirySuite } from './question-expiry.ts';
import { questionListSuite } from './question-lists.ts';
import { questionSuite } from './questions.ts';
import { recipientSuite } from './recipients.ts';
import { retentionSuite } from './retention.ts';
import { runQuestionSuite } from './run-questions.ts';
import { runSuite } from './runs.ts';
import { serviceListSuite } from './service-lists.ts';
import { sinceSuite } from './since.ts';
import { stateSuite } from './states.ts';
import { ticketSuite } from './tickets.ts';
import { webhookSuite } from './webhooks.ts';

export type { OpenStore, SharedStore, StoreHarness } from './harness.ts';

/** All that an engine must do to be a store. */
export function storeContract(name: string, harness: StoreHarness): void {
  describe(name, () => {
    const shared = sharedStore(harness);
    logSuite(shared);
    headSuite(shared);
    publishSuite(shared);
    expirySuite(harness, shared);
    inboxSuite(shared);
    sinceSuite(shared);
    stateSuite(shared);
    serviceListSuite(shared);
    longListSuite(shared);
    fairReadSuite(shared);
    marksSuite(shared);
    marksModelSuite(shared);
    groupSuite(shared);
    idempotencySuite(shared);
    ticketSuite(shared);
    keySuite(shared);
    ackSuite(shared);
    questionSuite(shared);
    questionExpirySuite(shared);
    questionListSuite(shared);
    runSuite(shared);
    runQuestionSuite(shared);
    membershipSuite(shared);
    appAccessSuite(shared);
    recipientSuite(shared);
    retentionSuite(shared);
    webhookSuite(shared);
    forgetSuite(harness);
    durabilitySuite(harness);
  });
}
