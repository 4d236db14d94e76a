import type { Person } from '@belfry/core';
import { describe, expect, it } from 'vitest';
import { cachedVerifier } from '../src/auth/token-cache.ts';

/** A verifier that counts what it is asked; tokens of 400 characters weigh 1,800 bytes. */
function counted(maxBytes: number, expiresAt: number | null = null) {
  const asked: string[] = [];
  let now = 0;
  const verify = async (token: string) => {
    asked.push(token);
    return { user: token.trimEnd(), expiresAt } as Person;
  };
  const cached = cachedVerifier(verify, { now: () => now }, maxBytes);
  return {
    asked,
    verify: (name: string) => cached(name.padEnd(400)),
    turnTo: (ms: number) => {
      now = ms;
    },
  };
}

describe('the cache of tokens', () => {
  it('asks once a minute, and again once a token has ended', async () => {
    const lasting = counted(1e6);
    for (const ms of [0, 59_999, 60_000, 60_001]) {
      lasting.turnTo(ms);
      expect(await lasting.verify('ada')).toMatchObject({ user: 'ada' });
    }
    expect(lasting.asked).toHaveLength(2);
    const ending = counted(1e6, 1_000);
    for (const ms of [0, 999, 1_000]) {
      ending.turnTo(ms);
      await ending.verify('ada');
    }
    expect(ending.asked).toHaveLength(2);
  });

  it('holds no more than its bytes, and lets the oldest go first', async () => {
    const { asked, verify } = counted(4_000);
    for (const name of ['ada', 'ben', 'cyd', 'ben', 'cyd', 'ada']) await verify(name);
    expect(asked.map((token) => token.trimEnd())).toEqual(['ada', 'ben', 'cyd', 'ada']);
  });

  it('forgets what it weighed, whoever asks for the same at once', async () => {
    const { asked, verify } = counted(4_000);
    for (let n = 0; n < 50; n += 1) await Promise.all([verify('ada'), verify('ada')]);
    expect(asked).toHaveLength(2);
    await verify('ben');
    await verify('ada');
    expect(asked).toHaveLength(3);
  });

  it('keeps none that is too large by itself', async () => {
    const { asked, verify } = counted(1_000);
    for (const name of ['ada', 'ada']) await verify(name);
    expect(asked).toHaveLength(2);
  });
});
