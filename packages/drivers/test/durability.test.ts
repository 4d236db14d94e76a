import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectWriter } from '../src/store/sqlite/connect.ts';

// A killed process loses nothing that the page cache holds, so no kill -9 can tell these settings from weaker ones.
it('the writer syncs its log of pages to disk at every commit', () => {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-durability-'));
  const database = connectWriter(join(dir, 'belfry.db'));
  try {
    const FULL = 2;
    expect(database.statement('pragma synchronous').get()).toEqual({ synchronous: FULL });
    expect(database.statement('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
  } finally {
    database.close();
    rmSync(dir, { recursive: true });
  }
});
