import { BelfryError, invalid, ORIGIN, parseCursor } from '@belfry/protocol';
import { askerOf, type Principal } from './principal.ts';
import type { Store } from './store/port.ts';

/**
 * The number that a list goes on below. Whether the item there still exists doesn't matter.
 *
 * @throws BelfryError `invalid`, as `loggedNumber` does.
 */
export async function listBefore(
  store: Store,
  principal: Principal,
  text: string | undefined,
  field = 'cursor',
): Promise<number | null> {
  return text === undefined ? null : loggedNumber(store, principal.tenant, askerOf(principal), text, field);
}

/**
 * The number of a cursor that must stand in this tenant's log.
 *
 * @throws BelfryError `invalid` for garbage, another database's, one from the future and another tenant's.
 */
export async function loggedNumber(
  store: Store,
  tenant: string,
  asker: string | null,
  text: string,
  field: string,
): Promise<number> {
  const cursor = parsed(store, text, field);
  if (cursor.n === ORIGIN.n && cursor.check === ORIGIN.check) return 0;
  const { head, check } = await store.read('locate', { log: tenant, n: cursor.n, asker });
  const deletedByRetention = check === null && cursor.n <= head.n;
  if (check === cursor.check || deletedByRetention) return cursor.n;
  throw invalid(field, `${field} names no position in this log. Take one from a stream's id or an item's cursor.`);
}

function parsed(store: Store, text: string, field: string) {
  const cursor = parseCursor(text);
  if (cursor === null) throw invalid(field, `${field} is not a cursor. Take one from an earlier answer, as it is.`);
  if (cursor.epoch === store.epoch) return cursor;
  throw new BelfryError('invalid', `${field} comes from another database. Start again without it.`, { field });
}
