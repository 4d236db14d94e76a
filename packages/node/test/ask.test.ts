import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Started, start } from './support/start.ts';

let test: Started;
beforeEach(async () => {
  test = await start();
});
afterEach(() => test.stop());

const DEPLOY = { to: 'user:ada' as const, message: 'Deploy now?', options: ['yes', 'no'], expiresInSeconds: 3_600 };

/** The one open question, once it is stored. */
async function open(): Promise<string> {
  for (;;) {
    const { body } = await test.service.get('/v1/questions?status=open');
    const { items } = body as { items: { id: string }[] };
    if (items[0] !== undefined) return items[0].id;
  }
}

async function answer(value: string): Promise<void> {
  const ada = await test.person('ada');
  const { status } = await ada.post(`/v1/questions/${await open()}/answer`, { action: 'accept', content: { value } });
  expect(status).toBe(200);
}

const count = async () => ((await test.service.get('/v1/questions')).body as { items: unknown[] }).items.length;

describe('ask', () => {
  it('resolves with what a person answered', async () => {
    const asked = test.client().ask(DEPLOY);
    await answer('yes');
    const question = await asked;
    expect(question).toMatchObject({ status: 'answered', message: 'Deploy now?' });
    if (question.status === 'answered') expect(question.answer).toMatchObject({ content: { value: 'yes' } });
  });

  it('resolves as expired or cancelled where nobody answers', async () => {
    const belfry = test.client();
    expect(await belfry.ask({ ...DEPLOY, expiresInSeconds: 0.2 })).toMatchObject({ status: 'expired', answer: null });
    const asked = belfry.ask(DEPLOY);
    await belfry.questions.cancel(await open());
    expect(await asked).toMatchObject({ status: 'cancelled' });
  });

  it('goes on by the same key after its process has died, with the same question', async () => {
    const died = test.client();
    const lost = died.ask(DEPLOY, { idempotencyKey: 'deploy-7' });
    const id = await open();
    await Promise.all([expect(lost).rejects.toMatchObject({ code: 'unavailable' }), died.close()]);
    const asked = test.client().ask(DEPLOY, { idempotencyKey: 'deploy-7' });
    await answer('no');
    expect(await asked).toMatchObject({ id, answer: { content: { value: 'no' } } });
    expect(await test.client().ask(DEPLOY, { idempotencyKey: 'deploy-7' })).toMatchObject({ id, status: 'answered' });
    expect(await count()).toBe(1);
  });

  it('waits through a restart of the server', { timeout: 60_000 }, async () => {
    const asked = test.client().ask(DEPLOY);
    const id = await open();
    await test.end();
    await test.again();
    await answer('yes');
    expect(await asked).toMatchObject({ id, status: 'answered' });
    expect(await count()).toBe(1);
  });

  it('ends by its signal, and leaves the question open', async () => {
    const stop = new AbortController();
    const asked = test.client().ask(DEPLOY, { signal: stop.signal });
    const id = await open();
    stop.abort(new Error('no time'));
    await expect(asked).rejects.toThrow('no time');
    const { questions } = test.client();
    expect(await questions.get(id)).toMatchObject({ status: 'open' });
    expect(await questions.edit(id, { message: 'Deploy tomorrow?' })).toMatchObject({ message: 'Deploy tomorrow?' });
    expect((await questions.list({ channels: ['user:ada'], status: ['open'], limit: 5 })).items).toMatchObject([
      { id },
    ]);
  });

  it('fails at once for a question that can not be asked', async () => {
    await expect(test.client().ask({ ...DEPLOY, message: '' })).rejects.toMatchObject({ field: 'message' });
    await expect(test.client().ask({ ...DEPLOY, data: { n: Infinity } })).rejects.toMatchObject({ field: 'data.n' });
  });
});
