import type { TcpProxy } from '@belfry/contract-tests/faults';
import type { Globals, Stage } from './stage.ts';

/** What a person and those who write to them do by chance, and what it takes to have all of it gone again. */
export class RandomUse {
  readonly #stage: Stage;
  readonly #proxy: TcpProxy;
  readonly #user: string;
  readonly #random: () => number;
  #notifications: string[] = [];
  #questions: string[] = [];
  #runs: string[] = [];

  constructor(stage: Stage, proxy: TcpProxy, user: string, random: () => number) {
    this.#stage = stage;
    this.#proxy = proxy;
    this.#user = user;
    this.#random = random;
  }

  async step(): Promise<void> {
    const deeds = [
      this.#notify,
      this.#notify,
      this.#notify,
      this.#mark,
      this.#mark,
      this.#markAll,
      this.#toggle,
      this.#toggle,
      this.#filter,
      this.#scroll,
      this.#cut,
      this.#ask,
      this.#answer,
      this.#run,
      this.#log,
      this.#log,
      this.#show,
    ];
    await this.#pick(deeds)?.call(this);
  }

  /** Everything is withdrawn, answered, finished, dismissed and closed, and the page knows. */
  async clean(): Promise<void> {
    const { page } = this.#stage;
    for (const id of this.#notifications.splice(0)) await this.#service('DELETE', `/v1/notifications/${id}`);
    for (const id of this.#questions.splice(0))
      await this.#service('POST', `/v1/questions/${id}/cancel`).catch(() => {});
    for (const id of this.#runs.splice(0)) await this.#service('PATCH', `/v1/runs/${id}`, { status: 'succeeded' });
    await page.evaluate(() => (globalThis as unknown as Globals).show({}));
    await page.evaluate(() => document.querySelector<HTMLElement>('.belfry-bell[aria-expanded=true]')?.click());
    await page.waitForFunction(() => {
      const { status, inbox, questions, runs } = (globalThis as unknown as Globals).belfry;
      for (const { id } of questions.getSnapshot().items) questions.dismiss(id);
      for (const { id } of runs.getSnapshot().items) runs.dismiss(id);
      const left = [inbox, questions, runs].reduce((sum, store) => sum + store.getSnapshot().items.length, 0);
      return status.getSnapshot().value === 'live' && left === 0;
    });
  }

  async #notify(): Promise<void> {
    const count = 1 + Math.floor(this.#random() * 5);
    for (let n = 0; n < count; n += 1) {
      const body = {
        to: `user:${this.#user}`,
        type: this.#pick(['comment', 'build.done']),
        title: 'Something',
        body: 'To say. '.repeat(n * 5),
      };
      this.#notifications.push((await this.#service('POST', '/v1/notifications', body)).id);
    }
  }

  async #mark(): Promise<void> {
    const mark = this.#pick(['read', 'unread', 'archive', 'unarchive', 'seen'] as const) ?? 'read';
    const id = this.#pick(this.#notifications);
    if (id === undefined) return;
    await this.#stage.page.evaluate(([call, one]) => void (globalThis as unknown as Globals).belfry.inbox[call](one), [
      mark,
      id,
    ] as const);
  }

  async #markAll(): Promise<void> {
    await this.#stage.page.evaluate(() => void (globalThis as unknown as Globals).belfry.inbox.readAll());
  }

  async #toggle(): Promise<void> {
    // It may not be there: the list stands alone then.
    await this.#stage.page.evaluate(() => document.querySelector<HTMLElement>('.belfry-bell')?.click());
  }

  async #filter(): Promise<void> {
    const select = this.#stage.page.getByLabel('Show', { exact: true });
    if (await select.isVisible()) await select.selectOption({ index: Math.floor(this.#random() * 3) });
  }

  async #scroll(): Promise<void> {
    const top = Math.floor(this.#random() * 2_000);
    await this.#stage.page.evaluate((to) => document.querySelector('.belfry-list')?.scrollTo(0, to), top);
  }

  async #cut(): Promise<void> {
    this.#proxy.cut();
  }

  async #ask(): Promise<void> {
    const body = { to: `user:${this.#user}`, message: 'Well?', options: ['yes', 'no'] };
    this.#questions.push((await this.#service('POST', '/v1/questions', body)).id);
  }

  async #answer(): Promise<void> {
    const id = this.#pick(this.#questions);
    if (id === undefined) return;
    const answer = { action: 'accept' as const, content: { value: 'yes' } };
    await this.#stage.page.evaluate(
      ([one, given]) => void (globalThis as unknown as Globals).belfry.questions.answer(one, given),
      [id, answer] as const,
    );
  }

  async #run(): Promise<void> {
    const body = { to: `user:${this.#user}`, kind: 'build', title: 'A build' };
    this.#runs.push((await this.#service('POST', '/v1/runs', body)).id);
  }

  async #log(): Promise<void> {
    const id = this.#pick(this.#runs);
    const lines = Array.from({ length: 20 }, (_, n) => ({ text: `Line ${n}` }));
    if (id !== undefined) await this.#service('POST', `/v1/runs/${id}/logs`, { lines });
  }

  async #show(): Promise<void> {
    const run = this.#pick(this.#runs) ?? null;
    const view = this.#pick(['questions', 'list', null]) ?? null;
    await this.#stage.page.evaluate((what) => (globalThis as unknown as Globals).show(what), { run, view });
  }

  #pick<Value>(values: readonly Value[]): Value | undefined {
    return values[Math.floor(this.#random() * values.length)];
  }

  #service(method: string, path: string, body?: object): Promise<{ id: string }> {
    return this.#stage.server.asService(method, path, body);
  }
}
