// @vitest-environment happy-dom
import {
  BelfryProvider,
  Inbox,
  Notifications,
  type NotificationsProps,
  type UseNotifications,
  useNotifications,
} from '@belfry/react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { render, until } from './support/render.tsx';
import { type ScriptedBelfry, sample, scriptedBelfry } from './support/scripted-belfry.ts';

let belfry: ScriptedBelfry;
beforeEach(() => {
  belfry = scriptedBelfry();
});
afterEach(() => belfry.client.stop());

function List(props: NotificationsProps) {
  return (
    <BelfryProvider client={belfry.client}>
      <Notifications {...props} />
    </BelfryProvider>
  );
}

async function shown(items: Parameters<ScriptedBelfry['connect']>[0], props: NotificationsProps = {}) {
  const { element } = await render(<List {...props} />);
  belfry.connect(items);
  await until(() => element.querySelector('.belfry-skeleton') === null);
  return element;
}

describe('<Notifications/>', () => {
  test('shows a skeleton, then what is there; nothing at all is said to be nothing', async () => {
    const { element } = await render(<List />);
    expect(element.querySelector('.belfry-skeleton')).not.toBeNull();
    belfry.connect([]);
    await until(() => element.textContent?.includes('You’re all caught up') === true);
  });

  test('shows text as text, whatever it looks like', async () => {
    const element = await shown([sample({ title: '<img src=x onerror=alert(1)>', body: '<b>bold</b>' })]);
    expect(element.querySelector('.belfry-item img, .belfry-item b')).toBeNull();
    expect(element.querySelector('.belfry-item-body')?.textContent).toBe('<b>bold</b>');
  });

  test('an address that is not safe to follow is no link, neither of the item nor of an action', async () => {
    const actionUrl = 'javascript:alert(1)';
    const element = await shown([sample({ actionUrl, actions: [{ id: 'a', label: 'Do', url: actionUrl }] })]);
    expect(element.querySelector('a')).toBeNull();
    expect(element.innerHTML).not.toContain('javascript:');
  });

  test('links tell the page they lead to nothing of this one', async () => {
    const element = await shown([sample({ actionUrl: 'https://acme.example/' })]);
    expect(element.querySelector('a.belfry-item-title')?.getAttribute('rel')).toBe('noopener');
  });

  test('there is no inline style, which a strict policy would refuse', async () => {
    const element = await shown([sample()], { tabs: [{ label: 'All' }] });
    const html = renderToString(<List appearance={{ variables: { radius: '2px' } }} />);
    expect(html).not.toContain('style=');
    expect(element.querySelectorAll('style')).toHaveLength(0);
  });

  test('what comes draws nothing anew that only moves down for it', async () => {
    const drawn: string[] = [];
    const archive = () => {
      drawn.push('an item');
      return null;
    };
    const element = await shown([sample(), sample(), sample()], { appearance: { icons: { archive } } });
    drawn.length = 0;
    belfry.notify(sample({ title: 'Fresh' }));
    await until(() => element.querySelectorAll('.belfry-item').length === 4);
    // That which is new, and that which Tab led to until then.
    expect(drawn).toHaveLength(2);
    const positions = [...element.querySelectorAll('.belfry-item')].map((item) => item.getAttribute('aria-posinset'));
    expect(positions).toEqual(['1', '2', '3', '4']);
  });

  test('a click is told before it is followed, and can be kept from that', async () => {
    const push = vi.fn();
    const onNotificationClick = vi.fn((_, event) => event.preventDefault());
    const element = await shown([sample({ actionUrl: '/x' })], { routerPush: push, onNotificationClick });
    element.querySelector<HTMLElement>('.belfry-item-title')!.click();
    expect(onNotificationClick).toHaveBeenCalledOnce();
    expect(push).not.toHaveBeenCalled();
    await until(() => element.querySelector('.belfry-item[data-unread=false]') !== null);
    expect(belfry.requests).toContain('POST /v1/inbox/marks');
  });

  test('renderNotification replaces what is in an item', async () => {
    const renderNotification: NotificationsProps['renderNotification'] = ({ title, isRead }) => `${title} ${isRead}`;
    const element = await shown([sample({ title: 'Mine' })], { renderNotification });
    expect(element.querySelector('li')?.textContent).toBe('Mine false');
    expect(element.querySelector('li')?.tabIndex).toBe(0);
  });

  test('what the server refuses comes back, with a word about it', async () => {
    belfry.answer = () => new Response('', { status: 500 });
    const element = await shown([sample({ title: 'Stays' })]);
    element.querySelector<HTMLElement>('[aria-label=Archive]')!.click();
    await until(() => element.textContent?.includes('That could not be saved.') === true);
    await until(() => element.textContent?.includes('Stays') === true);
  });

  test('variables, classes and icons of the app come on top of those of the provider', async () => {
    const { element } = await render(
      <BelfryProvider
        client={belfry.client}
        appearance={{ variables: { radius: '1px' }, elements: { list: 'theirs' } }}
      >
        <Notifications appearance={{ variables: { colorPrimary: 'red' }, icons: { checks: () => <b>all</b> } }} />
      </BelfryProvider>,
    );
    belfry.connect([sample()]);
    await until(() => element.querySelector('.belfry-list') !== null);
    const { style } = element.querySelector<HTMLElement>('.belfry-root')!;
    expect([style.getPropertyValue('--belfry-color-primary'), style.getPropertyValue('--belfry-radius')]).toEqual([
      'red',
      '1px',
    ]);
    expect(element.querySelector('.belfry-list')?.className).toBe('belfry-list theirs');
    expect(element.querySelector('b')?.textContent).toBe('all');
  });

  test('what a server rendered is taken over without a mismatch, also where the client has news already', async () => {
    const element = document.body.appendChild(document.createElement('div'));
    element.innerHTML = renderToString(<List />);
    belfry.client.start();
    await until(() => belfry.requests.length > 0);
    belfry.connect([sample()]);
    await until(() => belfry.client.inbox.getSnapshot().items.length === 1);
    const mismatches: unknown[] = [];
    const root = hydrateRoot(element, <List />, { onRecoverableError: (error) => mismatches.push(error) });
    await until(() => element.querySelector('.belfry-item') !== null);
    root.unmount();
    expect(mismatches).toEqual([]);
  });

  test('all its times share one timer, which ends with them', async () => {
    const started = vi.spyOn(globalThis, 'setInterval');
    const ended = vi.spyOn(globalThis, 'clearInterval');
    const { element, unmount } = await render(<List />);
    belfry.connect([sample(), sample(), sample()]);
    await until(() => element.querySelectorAll('time').length === 3);
    expect(started).toHaveBeenCalledOnce();
    await unmount();
    expect(ended).toHaveBeenCalledWith(started.mock.results[0]?.value);
    vi.restoreAllMocks();
  });
});

let seen: UseNotifications;

function Probe() {
  seen = useNotifications();
  return null;
}

describe('useNotifications', () => {
  beforeEach(async () => {
    await render(
      <BelfryProvider client={belfry.client}>
        <Probe />
      </BelfryProvider>,
    );
  });

  test('is loading until something has come, and then holds items that can be marked', async () => {
    expect(seen).toMatchObject({ isLoading: true, notifications: [], error: null });
    belfry.connect([sample(), sample()]);
    await until(() => !seen.isLoading);
    const [first, second] = seen.notifications;
    expect(await first!.read()).toBe(true);
    await until(() => seen.notifications[0]?.isRead === true);
    expect(seen.notifications[1]).toBe(second);
    expect(seen.unread).toBe(1);
    await second!.archive();
    await until(() => seen.notifications.length === 1);
    expect(belfry.bodies).toEqual([
      { ids: [first!.id], mark: 'read' },
      { ids: [second!.id], mark: 'archived' },
    ]);
  });

  test('readAll marks all there is', async () => {
    belfry.connect([sample(), sample()]);
    await until(() => !seen.isLoading);
    await seen.readAll();
    await until(() => seen.unread === 0);
    expect(belfry.requests.at(-1)).toBe('POST /v1/inbox/read-all');
  });
});

test('a bell and a list on one page tell a screen reader of news once', async () => {
  const { element } = await render(
    <BelfryProvider client={belfry.client}>
      <Inbox />
      <Notifications />
    </BelfryProvider>,
  );
  belfry.connect();
  await until(() => element.querySelector('.belfry-skeleton') === null);
  belfry.notify(sample({ title: 'The first bell' }));
  const said = () => [...element.querySelectorAll('[role=status]')].filter((one) => /New not/.test(one.textContent));
  await vi.waitFor(() => expect(said().length).toBeGreaterThan(0), { timeout: 30_000 });
  expect(said()).toHaveLength(1);
  // The same words once more: on the page they must be new, or nobody is told.
  const before = said()[0]?.firstChild;
  belfry.notify(sample({ title: 'The first bell' }));
  await vi.waitFor(() => expect(said()[0]?.firstChild).not.toBe(before), { timeout: 30_000 });
});
