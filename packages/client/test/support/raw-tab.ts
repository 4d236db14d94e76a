import type { Browser, CDPSession } from 'playwright-core';

/** A tab that Playwright does not keep visible: it is hidden while another one of its window is in front. */
export class RawTab {
  readonly #session: CDPSession;
  readonly #target: string;
  readonly #attached: string;
  #calls = 0;

  private constructor(session: CDPSession, target: string, attached: string) {
    this.#session = session;
    this.#target = target;
    this.#attached = attached;
  }

  /** In front of those opened before. */
  static async open(browser: Browser, url: string): Promise<RawTab> {
    const session = await browser.newBrowserCDPSession();
    const { targetId } = await session.send('Target.createTarget', { url });
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    return new RawTab(session, targetId, sessionId);
  }

  async evaluate<Value>(expression: string): Promise<Value> {
    this.#calls += 1;
    const id = this.#calls;
    const params = { expression, returnByValue: true, awaitPromise: true };
    const message = JSON.stringify({ id, method: 'Runtime.evaluate', params });
    const answer = this.#answer(id);
    await this.#session.send('Target.sendMessageToTarget', { sessionId: this.#attached, message });
    return (await answer).result.result.value as Value;
  }

  async close(): Promise<void> {
    await this.#session.send('Target.closeTarget', { targetId: this.#target });
    await this.#session.detach();
  }

  #answer(id: number): Promise<{ result: { result: { value: unknown } } }> {
    return new Promise((resolve) => {
      const take = ({ sessionId, message }: { sessionId: string; message: string }): void => {
        const answer = JSON.parse(message);
        if (sessionId !== this.#attached || answer.id !== id) return;
        this.#session.off('Target.receivedMessageFromTarget', take);
        resolve(answer);
      };
      this.#session.on('Target.receivedMessageFromTarget', take);
    });
  }
}
