import { inboxHttpContract } from '@belfry/contract-tests/http';
import { startHttp } from './support/start.ts';

inboxHttpContract(startHttp);
