import { ALL_PARTS, heldReader, NO_ROWS, type Reads } from '@belfry/core';
import { accessRowsOfEach } from '../access/access-rows.ts';
import { together } from '../all-over.ts';
import type { GroupOp, ReadContext } from '../context.ts';
import { NO_ITEMS } from '../inbox/inbox.ts';
import { findLogAndHead, logNamed } from '../log/position.ts';
import { byTenant } from './by-tenant.ts';
import { firstPages } from './first-pages.ts';
import { NO_WORK, openWorkOfEach } from './open-work.ts';

type Asked = Reads['state']['in'];
type State = Reads['state']['out'];

/**
 * What each of many begins with. All that is told is of one snapshot, whose end is `at`: what is committed before it is
 * in each of these states, as the person's access is there, and what comes later is an event after `at`. So it does not
 * matter who else is answered by the same statements, nor how long they take.
 */
export const states: GroupOp<'state'> = (context, inputs) =>
  byTenant(inputs, (tenant, asked) => statesIn(context, tenant, asked));

async function statesIn(context: ReadContext, tenant: string, asked: readonly Asked[]): Promise<State[]> {
  const readers = asked.map(({ reader }) => reader);
  const [{ log, head: at }, rows] = await together(
    findLogAndHead(context, tenant),
    accessRowsOfEach(context, logNamed(tenant), readers),
  );
  if (log === null) return asked.map(() => ({ at, rows: NO_ROWS, notifications: NO_ITEMS, ...NO_WORK }));
  const people = asked.map(({ reader, limit, parts = ALL_PARTS }, index) => {
    const theirs = rows[index] ?? NO_ROWS;
    return { rows: theirs, reader: heldReader(reader, theirs), limit, parts };
  });
  const [pages, work] = await together(firstPages(context, log, people), openWorkOfEach(context, log, people));
  return people.map(({ rows }, index) => ({
    ...{ at, rows, notifications: pages[index] ?? NO_ITEMS },
    ...(work[index] ?? NO_WORK),
  }));
}
