import type { WebhookSender } from '@belfry/core';
import type { ErrorCode } from '@belfry/protocol';
import { WORK_SECONDS } from './buckets.ts';
import { Counter, type Family, Histogram } from './families.ts';

/** Requests that come in, and those that go out to webhooks. */
export class Traffic {
  readonly #requests = new Counter(
    'belfry_http_requests_total',
    'Requests that were answered, by their route; other: they met none.',
    ['method', 'route', 'status'],
  );
  readonly #seconds = new Histogram(
    'belfry_http_request_duration_seconds',
    'How long answers took, of streams until they were open. Waits of ?wait= are in it.',
    WORK_SECONDS,
    ['method', 'route'],
  );
  readonly #errors = new Counter('belfry_http_errors_total', 'Requests that were answered with an error.', ['code']);
  readonly #webhookSeconds = new Histogram(
    'belfry_webhook_request_duration_seconds',
    'How long endpoints of webhooks took to answer, or to fail.',
    WORK_SECONDS,
  );

  constructor() {
    this.#errors.add(0, 'internal');
  }

  families(): Family[] {
    return [this.#requests, this.#seconds, this.#errors, this.#webhookSeconds];
  }

  /** @param route as it is written in the table, or `other`. @param begun by `performance.now()`. */
  answered(method: string, route: string, status: number, begun: number): void {
    this.#requests.add(1, method, route, String(status));
    this.#seconds.observe((performance.now() - begun) / 1_000, method, route);
  }

  refused(code: ErrorCode): void {
    this.#errors.add(1, code);
  }

  watching(sender: WebhookSender): WebhookSender {
    return {
      refusal: (url) => sender.refusal(url),
      send: async (request) => {
        const begun = performance.now();
        try {
          return await sender.send(request);
        } finally {
          this.#webhookSeconds.observe((performance.now() - begun) / 1_000);
        }
      },
      close: () => sender.close(),
    };
  }
}
