import { mkdtemp } from 'node:fs/promises';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { createServer } from '@belfry/server';
import { castOf } from './cast.ts';
import { HANGUPS } from './hangups.ts';
import { Random } from './random.ts';
import { post } from './post.ts';
import { drawPublish } from './publish.ts';
import { tokenFor } from './target.ts';
const apiKey = 'torture-torture-torture-torture', jwtSecret = 'a secret that is long enough for HS256';
const store = await openSqliteStore({ dir: await mkdtemp('/tmp/hang-') });
const server = createServer({ store, auth: { apiKey, jwt: { secret: jwtSecret } }, drainMs: 100 });
const { url } = await server.listen('127.0.0.1', 0);
const target = { url, apiKey, jwtSecret }; const random = new Random('x'); const cast = castOf(random, 20);

for (let r = 0; r < 4; r++) {
  const by: any = {};
  for (const [name, h] of Object.entries(HANGUPS)) by[name] = (await Promise.all(cast.members.map((m) => h(target, tokenFor(target, m), random)))).filter((x) => x);
  const show = (w: string) => console.log(r, w, server.hub.stats, Object.entries(by).map(([k, v]: any) => `${k}:${v.length}-${v.filter((x: any) => x.destroyed || x.readableEnded).length}`).join(' '));
  show('before');
  await Promise.all(cast.members.map((_, i) => post(target, drawPublish(random, cast, `${r} ${i}`), null)));
  show('posted'); await new Promise((r) => setTimeout(r, 1000)); show('later');
  for (const v of Object.values(by) as any) for (const x of v) x.destroy();
}
await server.stop(); await store.close();
