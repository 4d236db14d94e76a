import type { ApiKey } from '@belfry/core';
import { describe, expect, test } from 'vitest';
import { refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';

export function keySuite(open: SharedStore): void {
  describe('API keys', () => {
    const key = (id: string, over: Partial<ApiKey> = {}): ApiKey => ({
      id,
      name: `Key ${id}`,
      scopes: ['publish', 'read'],
      tenant: null,
      createdAt: `2026-01-0${id}T00:00:00.000Z`,
      ...over,
    });

    test('are found by their hash, listed by age, and removed', async () => {
      const { store } = open();
      const [one, two] = [key('1'), key('2', { tenant: 'acme', scopes: ['admin'] })];
      await store.commit('addKey', { key: two, hash: 'bb' });
      await store.commit('addKey', { key: one, hash: 'aa' });
      expect(await store.read('keys', {})).toEqual([one, two]);
      expect(await store.read('keyByHash', { hash: 'bb' })).toEqual(two);
      expect(await store.read('keyByHash', { hash: 'cc' })).toBeNull();
      await store.commit('removeKey', { id: '2' });
      expect(await store.read('keyByHash', { hash: 'bb' })).toBeNull();
      expect((await refusal(store.commit('removeKey', { id: '2' }))).code).toBe('not_found');
    });
  });
}
