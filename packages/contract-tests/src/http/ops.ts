import { describe, expect, it } from 'vitest';
import type { NewWorld } from './support/worlds.ts';

/** What operators and tools look at. */
export function opsContract(newWorld: NewWorld): void {
  describe('ops', () => {
    it('/healthz and /readyz answer 200 without a credential', async () => {
      const { anyone } = newWorld();
      expect(await anyone.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
      expect(await anyone.get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
    });

    it('/docs is a page to read, without scripts, that names every call', async () => {
      const { anyone } = newWorld();
      const { status, headers, body } = await anyone.get('/docs');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toContain('text/html');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      const { paths } = (await anyone.get('/openapi.json')).body as { paths: object };
      for (const path of Object.keys(paths)) expect(body).toContain(`<code>${path}</code>`);
      expect(body).not.toContain('<script');
    });

    it('gives each answer a request id, and takes the caller’s own where it is a plain one', async () => {
      const { service } = newWorld();
      for (const path of ['/healthz', '/v1/notifications', '/v1/me', '/nope', '/openapi.json']) {
        expect((await service.get(path)).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
        const mine = await service.get(path, { headers: { 'x-request-id': 'mine-7' } });
        expect(mine.headers.get('x-request-id')).toBe('mine-7');
        const junk = await service.get(path, { headers: { 'x-request-id': 'a b"<' } });
        expect(junk.headers.get('x-request-id')).not.toBe('a b"<');
      }
    });

    it('keeps answers with people’s data out of caches', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      for (const path of ['/v1/inbox', '/v1/me', '/v1/stream?wait=0']) {
        expect((await ada.get(path)).headers.get('cache-control'), path).toBe('no-store');
      }
    });
  });
}
