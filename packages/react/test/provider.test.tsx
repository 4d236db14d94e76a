// @vitest-environment happy-dom
import type { Belfry } from '@belfry/client';
import { BelfryProvider, Bell, InboxProvider, Notifications, useCounts, useQuestions, useRuns } from '@belfry/react';
import { type ReactNode, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { render, until } from './support/render.tsx';
import { type ScriptedBelfry, sample, scriptedBelfry } from './support/scripted-belfry.ts';

function Page({ client }: { client: Belfry }) {
  return (
    <BelfryProvider client={client}>
      <Bell />
    </BelfryProvider>
  );
}

describe('BelfryProvider', () => {
  let belfry: ScriptedBelfry;
  const streams = () => belfry.requests.filter((request) => request.startsWith('GET /v1/stream'));

  beforeEach(() => {
    belfry = scriptedBelfry();
  });
  afterEach(() => belfry.client.stop());

  test('the bell shows how many are unread', async () => {
    const { element } = await render(<Page client={belfry.client} />);
    belfry.connect([sample(), sample({ readAt: new Date().toISOString() })]);
    await until(() => element.querySelector('.belfry-badge')?.textContent === '1');
    expect(element.querySelector('button')?.getAttribute('aria-label')).toBe('Notifications, 1 unread');
  });

  test('StrictMode, which mounts everything twice, makes one connection', async () => {
    await render(
      <StrictMode>
        <Page client={belfry.client} />
      </StrictMode>,
    );
    belfry.connect();
    await until(() => belfry.client.status.getSnapshot().value === 'live');
    expect(streams()).toHaveLength(1);
  });

  test('it stops a client that it started, and leaves running one that the app had started', async () => {
    const first = await render(<BelfryProvider client={belfry.client} />);
    await first.unmount();
    expect(belfry.client.status.getSnapshot().value).toBe('closed');
    belfry.client.start();
    const second = await render(<BelfryProvider client={belfry.client} />);
    await second.unmount();
    expect(belfry.client.status.getSnapshot().value).not.toBe('closed');
  });

  test('rendered on a server it asks for nothing', () => {
    const html = renderToString(
      <BelfryProvider url="http://belfry.test" fetch={belfry.fetch}>
        <Bell />
      </BelfryProvider>,
    );
    expect(html).toContain('aria-label="Notifications"');
    expect(belfry.requests).toEqual([]);
  });

  test('another token by value makes another client, a new function does not', async () => {
    const at = (token: string | (() => string)) => (
      <BelfryProvider url="http://belfry.test" fetch={belfry.fetch} token={token} />
    );
    const { rerender } = await render(at(() => 'a'));
    await rerender(at(() => 'b'));
    expect(streams()).toHaveLength(1);
    await rerender(at('c'));
    await rerender(at('d'));
    expect(streams()).toHaveLength(3);
  });
});

describe('InboxProvider', () => {
  let belfry: ScriptedBelfry;
  const within = (children: ReactNode) => (
    <InboxProvider url="http://belfry.test" fetch={belfry.fetch} shared={false}>
      {children}
    </InboxProvider>
  );

  beforeEach(() => {
    belfry = scriptedBelfry();
  });

  test('the bell and the list show what the inbox holds, over one connection that ends with it', async () => {
    const { element, unmount } = await render(
      within(
        <>
          <Bell />
          <Notifications />
        </>,
      ),
    );
    belfry.connect([sample({ title: 'Build 7 is done' })]);
    await until(() => element.querySelector('.belfry-badge')?.textContent === '1');
    await until(() => element.textContent?.includes('Build 7 is done') === true);
    expect(belfry.requests.filter((request) => request.startsWith('GET /v1/stream'))).toHaveLength(1);
    await unmount();
  });

  test.each([
    ['useQuestions', useQuestions],
    ['useRuns', useRuns],
    ['useCounts', useCounts],
  ])('%s says that it needs the other provider', (_, use) => {
    expect(() => renderToString(within(<Uses useIt={use} />))).toThrow('Put a <BelfryProvider> in its place');
  });
});

function Uses({ useIt }: { useIt: () => unknown }) {
  useIt();
  return null;
}
