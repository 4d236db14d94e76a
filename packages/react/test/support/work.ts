import type { Belfry } from '@belfry/client';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { PageServer } from './server.ts';

interface Opened {
  page: Page;
  requests: string[];
}

type Open = (user: string, options: { query: string }) => Promise<Opened>;

/** What questions and runs do in a real browser, between people and at a real server. */
export function workTests(open: Open, server: () => PageServer): void {
  const ask = (to: string[]) =>
    server().asService<{ id: string }>('POST', '/v1/questions', {
      to,
      message: 'Ship it?',
      options: [
        { value: 'yes', title: 'Ship it' },
        { value: 'no', title: 'Not today' },
      ],
    });

  test('of two people who answer at once the first counts, and the other sees by whom it was answered', async () => {
    const { id } = await ask(['user:racer-a', 'user:racer-b']);
    const people = ['racer-a', 'racer-b'];
    const opened = [];
    for (const person of people) opened.push(await open(person, { query: '&view=questions' }));
    for (const { page } of opened) await page.getByLabel('Ship it', { exact: true }).check();
    // Held before: of who comes second the form may be gone by then.
    const buttons = await Promise.all(
      opened.map(({ page }) => page.getByRole('button', { name: 'Answer' }).elementHandle()),
    );
    await Promise.all(buttons.map((button) => button?.evaluate((element) => (element as HTMLElement).click())));
    const isDone = /^You answered$|^Answered by racer-. elsewhere/;
    await Promise.all(opened.map(({ page }) => page.getByText(isDone).first().waitFor()));
    const { answer } = await server().asService<{ answer: { by: { user: string } } }>('GET', `/v1/questions/${id}`);
    const first = people.indexOf(answer.by.user);
    await opened[first]?.page.getByText('You answered', { exact: true }).waitFor();
    const other = opened[1 - first]?.page as Page;
    await other.getByText(`Answered by ${people[first]} elsewhere`).waitFor();
    expect(await other.locator('.belfry-question form').count()).toBe(0);
    for (const { requests } of opened) expect(requests.filter(isStream)).toHaveLength(1);
    expect(opened.flatMap(({ requests }) => requests).filter(isAnswer).length).toBeLessThanOrEqual(2);
  });

  test('who is still filling it in sees that another was first, and what was answered', async () => {
    const { id } = await ask(['user:slow', 'user:quick']);
    const [slow, quick] = [
      await open('slow', { query: '&view=questions' }),
      await open('quick', { query: '&view=questions' }),
    ];
    await slow.page.getByLabel('Not today').check();
    await quick.page.getByLabel('Ship it', { exact: true }).check();
    await quick.page.getByRole('button', { name: 'Answer' }).click();
    await slow.page.getByText('Answered by quick elsewhere').waitFor();
    expect(await slow.page.locator('.belfry-question dd').textContent()).toBe('Ship it');
    await slow.page.getByRole('button', { name: 'Stop showing this question' }).click();
    await slow.page.getByText('Nothing to answer').waitFor();
    expect(slow.requests).not.toContain(`POST /v1/questions/${id}/answer`);
  });

  test('a log follows what comes, pauses while it is scrolled up, copies, and ends with its run', async () => {
    const service = server().asService;
    const { id } = await service<{ id: string }>('POST', '/v1/runs', {
      to: 'user:runner',
      kind: 'build',
      title: 'A build',
    });
    let logged = 0;
    const log = (count: number) => {
      const lines = Array.from({ length: count }, (_, at) => ({ text: `Line ${logged + at + 1}` }));
      logged += count;
      return service('POST', `/v1/runs/${id}/logs`, { lines });
    };
    await log(300);
    const { page, requests } = await open('runner', { query: `&view=run&run=${id}` });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const line = (n: number) => page.getByText(`Line ${n}`, { exact: true });
    const isInView = (n: number) => line(n).evaluate(isVisible);
    await line(300).waitFor();
    await log(1);
    await line(301).waitFor();
    await expect.poll(() => isInView(301)).toBe(true);

    await page.getByRole('log').evaluate((element) => element.scrollTo(0, 1_000));
    await page.getByRole('button', { name: 'Follow' }).waitFor();
    const at = await page.getByRole('log').evaluate((element) => element.scrollTop);
    await log(5);
    await page.getByRole('button', { name: '5 new lines · Follow' }).waitFor();
    expect(await page.getByRole('log').evaluate((element) => element.scrollTop)).toBe(at);

    await page.getByRole('button', { name: 'Copy log' }).click();
    await page.getByText('Copied').waitFor();
    const all = Array.from({ length: logged }, (_, n) => `Line ${n + 1}`).join('\n');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(all);

    await page.getByRole('button', { name: 'Follow' }).click();
    await expect.poll(() => isInView(306)).toBe(true);
    await service('PATCH', `/v1/runs/${id}`, { status: 'succeeded', message: 'All green' });
    await page.getByText('All green').waitFor();
    await page.waitForFunction(
      (run) => (globalThis as unknown as { belfry: Belfry }).belfry.run(run).getSnapshot().status === 'done',
      id,
    );
    expect(requests.filter(isStream)).toHaveLength(1);
    expect(requests.filter((request) => request.includes('/v1/runs/'))).toEqual([`GET /v1/runs/${id}/stream`]);
  });
}

function isVisible(element: Element): boolean {
  const log = element.closest('[role=log]')!.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  return top >= log.top - 1 && bottom <= log.bottom + 1;
}

const isStream = (request: string): boolean => request === 'GET /v1/stream';
const isAnswer = (request: string): boolean => request.startsWith('POST /v1/questions/');
