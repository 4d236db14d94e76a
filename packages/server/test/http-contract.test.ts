import { httpContract } from '@belfry/contract-tests/http';
import { startHttp } from './support/start.ts';

httpContract(startHttp);
