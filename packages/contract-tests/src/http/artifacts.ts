import type { Artifact, Run, RunSnapshotFrame } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import { change, newRun } from './support/runs.ts';
import type { NewWorld } from './support/worlds.ts';

const KEPT = 'https://files.example.com/secret/report.html?key=s3cr3t';
const ARTIFACTS: Artifact[] = [
  { name: 'report', url: KEPT, contentType: 'text/html', size: 1_234 },
  { name: 'a/b ü%.png', url: 'http://files.example.com/b' },
  { name: 'отчёт', url: 'https://files.example.com/отчёт.pdf' },
];

/** Artifacts: services see where they are kept, persons an address of ours that leads there for a while. */
export function artifactsContract(newWorld: NewWorld): void {
  describe('artifacts', () => {
    async function reported(newWorld: NewWorld) {
      const world = newWorld();
      const ada = await world.person('ada');
      const main = await (await ada.stream()).live();
      const run = await newRun(world, 'user:ada');
      const stream = await ada.follow(run);
      await stream.frame('snapshot');
      const asService = await change(world, run, { artifacts: ARTIFACTS });
      const asPerson = (await ada.get(`/v1/runs/${run.id}`)).body as Run;
      return { world, ada, main, stream, run, asService, asPerson };
    }
    const opened = (url: string) => fetch(url, { redirect: 'manual' });

    it('are shown to persons by signed addresses only, in every answer and every stream', async () => {
      const { world, ada, main, stream, run, asService, asPerson } = await reported(newWorld);
      expect(asService.artifacts).toEqual(ARTIFACTS);
      for (const { url } of asPerson.artifacts) {
        expect(url).toMatch(/^\/v1\/runs\/[0-9a-f-]+\/artifacts\/[^/?]+\?exp=\d+&sig=[\w-]+$/);
      }
      expect(asPerson.artifacts[0]).toMatchObject({ name: 'report', contentType: 'text/html', size: 1_234 });
      const seen: Run[] = [
        (await main.messages(2))[1]?.data.run as Run,
        (await stream.messages(1))[0]?.data.run as Run,
        ((await ada.get('/v1/runs')).body as { items: Run[] }).items[0] as Run,
        ((await ada.get('/v1/stream?wait=0')).body as { state: { runs: Run[] } }).state.runs[0] as Run,
        (await (await ada.follow(run)).frame<RunSnapshotFrame>('snapshot')).run,
        (await ada.post(`/v1/runs/${run.id}/cancel`)).body as Run,
      ];
      for (const one of seen) expect(one.artifacts).toEqual(asPerson.artifacts);
      await stream.end();
      expect(JSON.stringify([main.blocks, stream.blocks])).not.toContain('s3cr3t');
      const forService = await world.service.follow(run);
      expect((await forService.frame<RunSnapshotFrame>('snapshot')).run.artifacts).toEqual(ARTIFACTS);
      await main.close();
    });

    it('are found by their address, on every process, without a token', async () => {
      const { world, main, stream, asPerson } = await reported(newWorld);
      for (const [at, { url }] of asPerson.artifacts.entries()) {
        for (let time = 0; time < 2 * (world.harness.processes ?? 1); time += 1) {
          const answer = await opened(world.harness.url + url);
          expect(answer.status).toBe(302);
          expect(answer.headers.get('location')).toBe(new URL(ARTIFACTS[at]?.url as string).href);
          expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
        }
      }
      await Promise.all([main.close(), stream.close()]);
    });

    it('are refused by any other address: 403 for what we have not signed', async () => {
      const { world, main, stream, run, asPerson } = await reported(newWorld);
      const other = await newRun(world, 'user:ada');
      await change(world, other, { artifacts: ARTIFACTS });
      const [report, picture] = asPerson.artifacts.map(({ url }) => new URL(url, world.harness.url));
      const { exp, sig } = Object.fromEntries(report?.searchParams ?? []) as { exp: string; sig: string };
      const query = `?exp=${exp}&sig=${sig}`;
      const at = (id: string, name: string, search: string) => `/v1/runs/${id}/artifacts/${name}${search}`;
      for (const path of [
        at(run.id, 'report', ''),
        at(run.id, 'report', `?exp=${exp}`),
        at(run.id, 'report', `?exp=${Number(exp) + 1}&sig=${sig}`),
        at(run.id, 'report', `?exp=0${exp}&sig=${sig}`),
        at(run.id, 'report', `?exp=${exp}&sig=${sig}x`),
        at(run.id, 'report', `?exp=${exp}&sig=${'A'.repeat(sig.length)}`),
        at(run.id, 'nothing', query),
        at(other.id, 'report', query),
        `${picture?.pathname}${query}`,
      ]) {
        expectProblem(await world.anyone.get(path), 'forbidden');
      }
      await Promise.all([main.close(), stream.close()]);
    });

    it('are gone when the run has them no more', async () => {
      const { world, main, stream, run, asPerson } = await reported(newWorld);
      await change(world, run, { artifacts: [] });
      expectProblem(await world.anyone.get(asPerson.artifacts[0]?.url as string), 'not_found');
      await Promise.all([main.close(), stream.close()]);
    });
  });
}
