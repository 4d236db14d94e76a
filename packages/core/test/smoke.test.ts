import { expect, it } from 'vitest';
import { openCore, service } from './support.ts';
it('works', async () => {
  const t0 = performance.now();
  const core = await openCore();
  console.log('open', performance.now() - t0);
  const r = await core.notifications.publish(service(), { to: ['all', 'user:1'], type: 'a', title: 'x' });
  console.log(r, core.announced);
  const e = await core.events.publish('default', { to: ['all'], type: 'constructor', data: { a: 1 } });
  console.log(e, await core.store.read('readLog', { tenant: 'default', after: 0, upTo: 10, grants: { everything: true, exact: [], prefixes: [] }, limit: 10, maxBytes: 1e6 }));
  await core.end();
  console.log('all', performance.now() - t0);
  expect(1).toBe(1);
});
