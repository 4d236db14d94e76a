// @vitest-environment happy-dom
import { BelfryProvider, Notifications, RunProgress } from '@belfry/react';
import { expect, test } from 'vitest';
import { fakeBelfry } from '../workbench/fake/belfry.ts';
import { ago, NOW } from '../workbench/fixed-clock.ts';
import { run } from '../workbench/samples/runs.ts';
import { render } from './support/render.tsx';
import { sample } from './support/scripted-belfry.ts';

test('how long ago it was, and for how long a run has been going, is told by the server’s clock and not by the page’s', async () => {
  const { client } = fakeBelfry({ inbox: { items: [sample({ createdAt: ago(2 * 60) })] } });
  let ahead: number | null = 5 * 60_000;
  client.host.serverNow = () => (ahead === null ? null : NOW + ahead);
  const page = () => (
    <BelfryProvider client={client}>
      <Notifications />
      <RunProgress run={run('running', { startedAt: ago(60) })} />
    </BelfryProvider>
  );
  const first = await render(page());
  expect(first.element.querySelector('.belfry-time')?.textContent).toBe('7m ago');
  expect(first.element.querySelector('.belfry-run-facts')?.textContent).toContain('6 min');
  ahead = null;
  const second = await render(page());
  expect(second.element.querySelector('.belfry-time')?.textContent).toBe('2m ago');
  expect(second.element.querySelector('.belfry-run-facts')?.textContent).toContain('1 min');
});
