// @vitest-environment happy-dom
import { BelfryProvider, Notifications, Questions, RunProgress } from '@belfry/react';
import { expect, test } from 'vitest';
import { fakeBelfry } from '../workbench/fake/belfry.ts';
import { MIXED } from '../workbench/samples/notifications.ts';
import { question } from '../workbench/samples/questions.ts';
import { run } from '../workbench/samples/runs.ts';
import { render } from './support/render.tsx';

test('headings are found by their role, and no rule of a page for plain h2 or h3 reaches them', async () => {
  const { client } = fakeBelfry({ inbox: { items: MIXED }, questions: { items: [question()] } });
  const { element } = await render(
    <BelfryProvider client={client}>
      <Notifications />
      <Questions />
      <RunProgress run={run('running')} />
    </BelfryProvider>,
  );
  const levels = [...element.querySelectorAll('[role=heading]')].map((one) => one.getAttribute('aria-level'));
  expect(new Set(levels)).toEqual(new Set(['2', '3']));
  expect(element.querySelectorAll('h1, h2, h3, h4, h5, h6')).toHaveLength(0);
});
