import type { ApiKey } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import type { ReadOp, WriteOp } from '../context.ts';
import type { Tables } from '../schema.ts';

export const keyByHash: ReadOp<'keyByHash'> = async (context, { hash }) => {
  const row = await context.db.selectFrom('api_keys').selectAll().where('hash', '=', hash).executeTakeFirst();
  return row ? toKey(row) : null;
};

export const keys: ReadOp<'keys'> = async (context) => {
  const rows = await context.db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute();
  return rows.map(toKey);
};

export const addKey: WriteOp<'addKey'> = async (context, { key, hash }) => {
  const { id, name, tenant, createdAt } = key;
  const row = { id, hash, name, scopes: JSON.stringify(key.scopes), tenant, created_at: createdAt };
  await context.db.insertInto('api_keys').values(row).execute();
  return null;
};

export const removeKey: WriteOp<'removeKey'> = async (context, { id }) => {
  const { numDeletedRows } = await context.db.deleteFrom('api_keys').where('id', '=', id).executeTakeFirst();
  if (numDeletedRows === 0n) throw new BelfryError('not_found', 'There is no API key with this id.');
  return null;
};

function toKey(row: Tables['api_keys']): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes),
    tenant: row.tenant,
    createdAt: row.created_at,
  };
}
