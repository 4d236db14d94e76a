// @vitest-environment happy-dom
import { BelfryProvider, Bell, Notifications } from '@belfry/react';
import { afterEach, expect, test, vi } from 'vitest';
import { render, until } from './support/render.tsx';
import { sample, scriptedBelfry } from './support/scripted-belfry.ts';

/** What the systems that Belfry replaces could do in React. The names are the lines of their list. */
const belfry = scriptedBelfry();
afterEach(() => belfry.client.stop());

test('D4: a bell with an unread badge and a list; opening an item follows its action and reads it', async () => {
  const routerPush = vi.fn();
  const { element } = await render(
    <BelfryProvider client={belfry.client}>
      <Bell />
      <Notifications routerPush={routerPush} />
    </BelfryProvider>,
  );
  belfry.connect([sample({ title: 'Studio 2 is yours', actionUrl: '/bookings/2' }), sample()]);
  const badge = () => element.querySelector('.belfry-badge')?.textContent ?? null;
  await until(() => badge() === '2');
  const item = sample({ title: 'Studio 3 is yours', actionUrl: '/bookings/3' });
  belfry.notify(item);
  await until(() => badge() === '3');
  const titles = [...element.querySelectorAll<HTMLElement>('.belfry-item-title')];
  expect(titles.slice(0, 2).map(({ textContent }) => textContent)).toEqual([
    'Unread: Studio 3 is yours',
    'Unread: Studio 2 is yours',
  ]);
  titles[0]!.click();
  expect(routerPush).toHaveBeenCalledExactlyOnceWith('/bookings/3');
  await until(() => badge() === '2');
  expect(element.querySelectorAll('.belfry-item[data-unread=false]')).toHaveLength(1);
  expect(belfry.bodies).toEqual([{ ids: [item.id], mark: 'read' }]);
});
