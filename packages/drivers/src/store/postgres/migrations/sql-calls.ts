import { SQL_ACCESS } from './sql-access.ts';
import { SQL_CHECKS } from './sql-checks.ts';
import { SQL_QUESTIONS } from './sql-questions.ts';
import { SQL_RUNS } from './sql-runs.ts';

/** All that applications call in their own transactions beside `belfry.notify` and `belfry.publish`. */
export const SQL_CALLS = [SQL_CHECKS, SQL_QUESTIONS, SQL_RUNS, SQL_ACCESS].join('\n');
