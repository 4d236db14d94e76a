import { workHttpContract } from '@belfry/contract-tests/http';
import { startHttp } from './support/start.ts';

workHttpContract(startHttp);
