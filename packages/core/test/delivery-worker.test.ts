import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store, WebhookAnswer, WebhookRequest } from '../src/index.ts';
import { BACK_OFF_MS, retryInMs } from '../src/webhooks/back-off.ts';
import { openCore, type TestCore } from './support.ts';

const DAY_MS = 86_400_000;

/** An endpoint that answers when the test says so. */
class HeldSender {
  readonly sent: WebhookRequest[] = [];
  #isClosed = false;
  #answers = new Map<string, ((answer: WebhookAnswer | Error) => void)[]>();

  refusal = () => null;

  send = (request: WebhookRequest): Promise<WebhookAnswer> => {
    if (this.#isClosed) return Promise.reject(new Error('cut off'));
    this.sent.push(request);
    return new Promise((resolve, reject) => {
      const held = this.#answers.get(request.url) ?? [];
      held.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      this.#answers.set(request.url, held);
    });
  };

  close = (): void => {
    this.#isClosed = true;
    for (const url of this.#answers.keys()) this.answer(url, new Error('cut off'));
  };

  held = (url: string): number => this.#answers.get(url)?.length ?? 0;

  answer(url: string, answer: WebhookAnswer | Error = { status: 204, text: '' }): void {
    for (const give of this.#answers.get(url)?.splice(0) ?? []) give(answer);
  }
}

function noting(asked: string[]): (store: Store) => Store {
  return (store) =>
    Object.create(store, {
      read: { value: (name: never, input: never) => asked.push(name) && store.read(name, input) },
      commit: { value: (name: never, ...rest: [never]) => asked.push(name) && store.commit(name, ...rest) },
    });
}

const wait = (isTrue: () => boolean | Promise<boolean>) => vi.waitUntil(isTrue, { timeout: 30_000, interval: 5 });

describe('the delivery worker', () => {
  let core: TestCore;
  let sender: HeldSender;
  /** What the store was asked, and what went wrong. */
  let asked: string[];
  let told: string[];

  beforeEach(async () => {
    [sender, told, asked] = [new HeldSender(), [], []];
    const onError = (_: unknown, what: string) => void told.push(what);
    core = await openCore({ around: noting(asked), webhookSender: sender, webhookBackOffMs: [1], onError });
    core.deliveryWorker.start();
  });

  afterEach(async () => {
    sender.close();
    await core.deliveryWorker.stop();
    await core.end();
  });

  const add = (url: string, events = ['*']) => core.webhooks.add('default', { url, events, secret: undefined });
  const emit = (type: string) => core.events.publish('default', { to: ['all'], type, data: null });
  const statuses = async (id: string) => {
    const { items } = await core.webhooks.deliveries('default', id, { before: null, limit: 100 });
    return items.map(({ status }) => status);
  };

  it('costs a publish nothing where there is no webhook: it does not look', async () => {
    await wait(() => asked.includes('webhookWork'));
    for (let n = 0; n < 50; n += 1) await emit('app.x');
    expect(asked.filter((name) => name !== 'emit')).toEqual(['webhookWork']);
  });

  it('is woken by what a tenant with a webhook commits, also where it is told together with what others did', async () => {
    await add('http://quiet.example/', ['app.never']);
    const wake = vi.spyOn(core.deliveryWorker, 'wake');
    const toOthers = () => core.events.publish('others', { to: ['all'], type: 'app.x', data: null });
    await toOthers();
    expect(wake).not.toHaveBeenCalled();
    await Promise.all([toOthers(), emit('app.x')]);
    expect(wake).toHaveBeenCalled();
  });

  it('sends at most 8 at once to one endpoint, and to others meanwhile', async () => {
    const { id } = await add('http://slow.example/', ['app.slow']);
    await add('http://quick.example/', ['app.quick']);
    for (let n = 0; n < 30; n += 1) await emit('app.slow');
    await wait(() => sender.held('http://slow.example/') === 8);
    await emit('app.quick');
    await wait(() => sender.held('http://quick.example/') === 1);
    expect(sender.held('http://slow.example/')).toBe(8);
    await wait(async () => {
      sender.answer('http://slow.example/');
      return (await statuses(id)).every((status) => status === 'delivered');
    });
    expect(sender.sent).toHaveLength(31);
  });

  it('sends one at a time where the last one failed, until one arrives', async () => {
    await add('http://slow.example/');
    for (let n = 0; n < 20; n += 1) await emit('app.x');
    await wait(() => sender.held('http://slow.example/') === 8);
    sender.answer('http://slow.example/', new Error('It hangs.'));
    await wait(() => sender.held('http://slow.example/') === 1);
    sender.answer('http://slow.example/', { status: 500, text: '' });
    await wait(() => sender.held('http://slow.example/') === 1);
    sender.answer('http://slow.example/');
    await wait(() => sender.held('http://slow.example/') === 8);
  });

  it('leaves places for others, however many endpoints hang', async () => {
    const hanging = Array.from({ length: 40 }, (_, n) => `http://h${n}.example/`);
    for (const url of hanging) await add(url, ['app.h']);
    await emit('app.h');
    // Each fails once, and then hangs.
    const failed = new Set<string>();
    await wait(() => {
      for (const url of hanging.filter((one) => !failed.has(one) && sender.held(one) > 0)) {
        failed.add(url);
        sender.answer(url, new Error('It hangs.'));
      }
      return failed.size === 40 && hanging.reduce((sum, url) => sum + sender.held(url), 0) === 32;
    });
    await add('http://fine.example/', ['app.fine']);
    for (let n = 0; n < 8; n += 1) await emit('app.fine');
    await wait(() => sender.held('http://fine.example/') > 0);
  });

  it('waits for answers when it stops, and gives back what it cuts off, to be sent at once', async () => {
    const { id } = await add('http://slow.example/');
    await emit('app.x');
    await wait(() => sender.held('http://slow.example/') === 1);
    await core.deliveryWorker.stop();
    const { items } = await core.webhooks.deliveries('default', id, { before: null, limit: 100 });
    expect(items).toMatchObject([{ status: 'pending', error: 'cut off' }]);
    expect(Date.parse(items[0]?.nextAt as string)).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(told).toEqual([]);
  });

  it('tries for more than a day before it gives up', () => {
    const waits = Array.from({ length: 20 }, (_, n) => retryInMs(BACK_OFF_MS, n + 1)).filter((ms) => ms !== null);
    expect(waits).toHaveLength(10);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(DAY_MS);
    expect(retryInMs(BACK_OFF_MS, 11)).toBeNull();
  });
});
