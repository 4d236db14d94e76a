import { Member, type Opened } from '@belfry/contract-tests/bus';
import { openBus } from '@belfry/drivers/bus';
import type { BelfryError } from '@belfry/protocol';
import { expect } from 'vitest';
import type { Closing } from './closing.ts';

/** How a process is set to reach a bus. */
export interface BusSetting {
  bus: string;
  databaseUrl?: string;
}

/** A process on that bus, until the end of the test. */
export async function openMember(closing: Closing, setting: BusSetting, opened: Opened = {}): Promise<Member> {
  const { bus, databaseUrl } = setting;
  const one = await Member.open({ open: (url, options) => openBus(url, { ...options, databaseUrl }) }, bus, opened);
  closing(() => one.bus.close());
  return one;
}

/** What one is refused with that may not come in: one sentence. */
export async function refusalOf(opening: Promise<Member>, named = 'BELFRY_BUS'): Promise<BelfryError> {
  const error = await opening.then(
    () => new Error('It started.'),
    (thrown: unknown) => thrown as BelfryError,
  );
  expect(error.message).toMatch(/^[^\n]+\.$/);
  expect(error.message).toContain(named);
  return error as BelfryError;
}
