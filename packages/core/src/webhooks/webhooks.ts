import { BelfryError, invalid, type Page } from '@belfry/protocol';
import type { NewWebhook, WebhookRotation } from '@belfry/protocol/schemas';
import type { Clock } from '../clock.ts';
import { newId } from '../ids.ts';
import type { Recorder } from '../recorder.ts';
import type { DeliveryWorker } from './delivery-worker.ts';
import type { WebhookSender } from './sender.ts';
import type { Webhook, WebhookDelivery, WebhookDeliveryQuery, WebhookWithSecret } from './shapes.ts';
import { newWebhookSecret } from './signature.ts';

/** Deliveries driven again in one step. */
const STEP = 1_000;
/** A day: time to bring a new secret to every process of the receiver. */
const OVERLAP_SECONDS = 86_400;

/** Where a tenant's events are sent, and what became of each. */
export class Webhooks {
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #sender: WebhookSender;
  readonly #worker: DeliveryWorker;

  constructor(recorder: Recorder, clock: Clock, sender: WebhookSender, worker: DeliveryWorker) {
    this.#recorder = recorder;
    this.#clock = clock;
    this.#sender = sender;
    this.#worker = worker;
  }

  /**
   * From here on; what was published before is not sent. The secret is told this once.
   *
   * @throws BelfryError `invalid` for an address that nothing is sent to, and where the tenant has its 50 already.
   */
  async add(tenant: string, { url, events, secret = newWebhookSecret() }: NewWebhook): Promise<WebhookWithSecret> {
    const refusal = this.#sender.refusal(url);
    if (refusal !== null) throw invalid('url', `url ${refusal}`);
    const input = { tenant, id: newId(this.#clock.now()), url, events, secret };
    const { out } = await this.#recorder.commit('addWebhook', input);
    this.#worker.noteAdded(tenant);
    return { ...out.webhook, secret };
  }

  list(tenant: string): Promise<Webhook[]> {
    return this.#recorder.store.read('webhooks', { tenant });
  }

  async get(tenant: string, id: string): Promise<Webhook> {
    const found = (await this.list(tenant)).find((webhook) => webhook.id === id);
    if (found === undefined) throw noWebhook();
    return found;
  }

  /** A new secret, told this once. For a while deliveries are signed with the old one too. @throws BelfryError `not_found`. */
  async rotate(tenant: string, id: string, rotation: WebhookRotation): Promise<WebhookWithSecret> {
    const { secret = newWebhookSecret(), overlapSeconds = OVERLAP_SECONDS } = rotation;
    const input = { tenant, id, secret, overlapMs: Math.round(overlapSeconds * 1_000) };
    const { out } = await this.#recorder.commit('rotateSecret', input);
    return { ...out.webhook, secret };
  }

  /** Nothing more is sent to it; what has begun to be sent arrives. */
  async remove(tenant: string, id: string): Promise<void> {
    await this.#recorder.commit('removeWebhook', { tenant, id });
  }

  /** Newest first. */
  async deliveries(tenant: string, id: string, query: WebhookDeliveryQuery): Promise<Page<WebhookDelivery>> {
    const page = await this.#recorder.store.read('deliveries', { tenant, webhook: id, query });
    if (page === null) throw noWebhook();
    return page;
  }

  /** Sends one again, at once and with all of its tries, whatever became of it. */
  async redrive(tenant: string, webhook: string, id: string): Promise<WebhookDelivery> {
    const { out } = await this.#recorder.commit('redriveDelivery', { tenant, webhook, id });
    this.#worker.wake();
    return out.delivery;
  }

  /** Sends all again that were given up. */
  async redriveDead(tenant: string, webhook: string): Promise<{ redriven: number }> {
    let redriven = 0;
    for (let last = STEP; last === STEP; ) {
      const { out } = await this.#recorder.commit('redriveDead', { tenant, webhook, limit: STEP });
      redriven += out.redriven;
      last = out.redriven;
      this.#worker.wake();
    }
    return { redriven };
  }
}

function noWebhook(): BelfryError {
  return new BelfryError('not_found', 'There is no webhook with this id here.');
}
