import { rmSync } from 'node:fs';
import { readerOf } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';

rmSync('/tmp/bench-db', { recursive: true, force: true });
const s = await openSqliteStore({ dir: '/tmp/bench-db' });
let k = 0;
const draft = (over = {}) =>
  ({
    id: crypto.randomUUID(),
    to: ['user:u' + (k++ % 500)],
    type: 'comment',
    title: 'A new comment on your story',
    body: 'Some text that is about one hundred characters long, as notifications are, more or less, on average.',
    actionUrl: '/stories/12',
    actions: [],
    actor: { name: 'Ada' },
    icon: null,
    severity: 'info',
    subject: { kind: 'story', id: '12' },
    data: null,
    dedupeKey: null,
    expiresAt: null,
    ...over,
  }) as any;
async function inflight(n: number, total: number, make = () => [draft()]) {
  let left = total;
  const lat: number[] = [];
  const t0 = performance.now();
  await Promise.all(
    Array.from({ length: n }, async () => {
      while (left-- > 0) {
        const t = performance.now();
        await s.commit('publish', { tenant: 'default', drafts: make() });
        lat.push(performance.now() - t);
      }
    }),
  );
  const el = performance.now() - t0;
  lat.sort((a, b) => a - b);
  return {
    perSec: Math.round((total / el) * 1000),
    p50: +lat[lat.length >> 1]!.toFixed(2),
    p99: +lat[Math.floor(lat.length * 0.99)]!.toFixed(2),
  };
}
await inflight(16, 3000);
console.log('1', await inflight(1, 3000));
console.log('16', await inflight(16, 20000));
console.log('64', await inflight(64, 40000));
const b = await inflight(1, 30, () => Array.from({ length: 1000 }, () => draft()));
console.log('batch1000', b, 'drafts/s', b.perSec * 1000);
const b2 = await inflight(1, 5000, () => [draft({ to: ['all'] })]);
console.log('all', b2);
const reader = (u: string, roles: string[] = []) =>
  readerOf(
    {
      kind: 'person',
      tenant: 'default',
      user: u,
      name: null,
      avatarUrl: null,
      roles,
      channels: [],
      readOnly: false,
      since: null,
      expiresAt: null,
    } as any,
    Date.now(),
  );
async function reads(name: any, inp: any, times = 300) {
  const l: number[] = [];
  for (let i = 0; i < times; i++) {
    const t = performance.now();
    await s.read(name, inp);
    l.push(performance.now() - t);
  }
  l.sort((a, b) => a - b);
  return +l[times >> 1]!.toFixed(3);
}
console.log('state (unread >1000 by all)', await reads('state', { reader: reader('u7'), limit: 50 }));
console.log('counts >1000', await reads('counts', { reader: reader('u7') }));
await s.commit('markUpTo', { reader: reader('u7'), mark: 'read', upTo: null, types: null });
console.log(
  'state all read',
  await reads('state', { reader: reader('u7'), limit: 50 }),
  'counts',
  await reads('counts', { reader: reader('u7') }),
);
const t = performance.now();
await s.commit('mark', {
  reader: reader('u8'),
  ids: (await s.read('inbox', { reader: reader('u8'), query: { filter: 'all', before: null, limit: 100 } })).items.map(
    (i) => i.id,
  ),
  mark: 'read',
});
console.log('mark100', performance.now() - t);
const roles = Array.from({ length: 48 }, (_, i) => 'r' + i);
for (let i = 0; i < 200; i++)
  await s.commit('publish', { tenant: 'default', drafts: roles.map((r) => draft({ to: ['role:' + r] })) });
console.log(
  '50 channels state',
  await reads('state', { reader: reader('u9', roles), limit: 50 }, 100),
  'counts',
  await reads('counts', { reader: reader('u9', roles) }, 100),
);
console.log('marks/s');
{
  const t0 = performance.now();
  const r = reader('u10');
  const items = (await s.read('inbox', { reader: r, query: { filter: 'all', before: null, limit: 100 } })).items;
  for (const i of items) await s.commit('mark', { reader: r, ids: [i.id], mark: 'read' });
  console.log((performance.now() - t0) / items.length, 'ms each');
}
console.log(
  'readLog',
  await reads(
    'readLog',
    { tenant: 'default', after: 100000, upTo: 1e9, grants: reader('u10').grants, limit: 500, maxBytes: 1e6 },
    50,
  ),
);
console.log('rss', Math.round(process.memoryUsage().rss / 1e6));
await s.close();
