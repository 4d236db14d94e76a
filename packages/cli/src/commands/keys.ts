import { SCOPES, type Scope } from '@belfry/core';
import { isTenant } from '@belfry/protocol';
import { defineCommand } from 'citty';
import { type KeyStore, localKeys, remoteKeys } from '../key-store.ts';
import { remoteArgs, remoteFrom } from '../remote.ts';
import { readSettings } from '../settings/settings.ts';
import { note, print, UsageError } from '../terminal.ts';

const urlArg = {
  url: { ...remoteArgs.url, description: 'A running Belfry (BELFRY_URL); without it, the data folder itself' },
};

const add = defineCommand({
  meta: { name: 'add', description: 'Make an API key. It is shown this once, and kept as a hash.' },
  args: {
    name: { type: 'positional', description: 'What it is for', required: true, valueHint: 'name' },
    scopes: { type: 'string', description: `A comma list of ${SCOPES.join(', ')}`, default: 'publish' },
    tenant: { type: 'string', description: 'Good for this tenant only', valueHint: 'name' },
    ...urlArg,
  },
  async run({ args }) {
    const scopes = args.scopes.split(',').map(scopeNamed);
    if (args.tenant !== undefined && !isTenant(args.tenant)) throw new UsageError('--tenant is not a tenant name.');
    await withKeys(args, true, async (keys) => {
      const { key, secret } = await keys.add(args.name, scopes, args.tenant ?? null);
      note(
        `Key ${key.id}, scopes ${key.scopes.join(', ')}, ${key.tenant ?? 'every tenant'}. Keep it: it is not shown again.`,
      );
      print(secret);
    });
  },
});

const list = defineCommand({
  meta: { name: 'list', description: 'The API keys there are.' },
  args: urlArg,
  async run({ args }) {
    await withKeys(args, false, async (keys) => {
      const found = await keys.list();
      if (found.length === 0) note('There are no keys yet. Make one: belfry keys add <name>');
      for (const { id, name, scopes, tenant, createdAt } of found) {
        print([id, createdAt, tenant ?? '*', scopes.join(','), name].join('  '));
      }
    });
  },
});

const remove = defineCommand({
  meta: { name: 'remove', description: 'Remove an API key.' },
  args: { id: { type: 'positional', description: "The key's id, from the list", required: true }, ...urlArg },
  async run({ args }) {
    await withKeys(args, false, (keys) => keys.remove(args.id));
    note('Removed.');
  },
});

export const keys = defineCommand({
  meta: { name: 'keys', description: 'Make, list and remove API keys.' },
  subCommands: { add, list, remove },
});

async function withKeys(
  args: { url?: string | undefined },
  mayCreate: boolean,
  work: (keys: KeyStore) => Promise<void>,
): Promise<void> {
  const isRemote = args.url !== undefined || Boolean(process.env.BELFRY_URL);
  const keys = isRemote
    ? remoteKeys(remoteFrom(args, process.env))
    : await localKeys(readSettings(process.env), mayCreate);
  try {
    await work(keys);
  } finally {
    await keys.close();
  }
}

function scopeNamed(text: string): Scope {
  const scope = SCOPES.find((one) => one === text);
  if (scope === undefined) throw new UsageError(`--scopes may hold ${SCOPES.join(', ')}; "${text}" is none.`);
  return scope;
}
