import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { LogEvent } from '../log-event.ts';
import type { Recorder } from '../recorder.ts';
import { type OnError, TellOnce } from '../tell-once.ts';
import { retryInMs } from './back-off.ts';
import { Lanes } from './lanes.ts';
import type { WebhookSender } from './sender.ts';
import type { ClaimedDelivery, DeliveryOutcome } from './shapes.ts';
import { signedHeaders } from './signature.ts';

/** How often it looks where nothing tells it to: what other processes commit, and what other processes leave. */
const EVERY_MS = 1_000;
/** Where there is no webhook at all. */
const IDLE_MS = 5_000;
/** Between two looks: under load many events become one look. */
const PAUSE_MS = 20;
/** Of an event's way into deliveries: publishes wait for one such step. */
const STEP = 200;
/** Of one webhook. With more waiting, the rest stays in the log until some have ended. */
const MAX_PENDING = 50_000;
/** How long a claimed delivery is this process's: well over the time limit of one request. */
const LEASE_MS = 60_000;
/** How long a stop waits for answers to what has been sent. */
const GRACE_MS = 2_000;
const GONE = 410;

/**
 * Makes deliveries of what comes to the log and sends them. It runs in every process, and any of them takes up what
 * another left: what there is to do stands in the database, and who claims a delivery has it for a minute.
 */
export class DeliveryWorker {
  readonly #recorder: Recorder;
  readonly #sender: WebhookSender;
  readonly #backOffMs: readonly number[];
  readonly #clock: Clock;
  readonly #looks: TellOnce;
  readonly #settles: TellOnce;
  readonly #lanes = new Lanes();
  readonly #underWay = new Set<Promise<void>>();
  #tenants: ReadonlySet<string> = new Set();
  /** Those with a webhook that no look has seen yet. */
  readonly #added = new Set<string>();
  #running: Promise<void> | null = null;
  #isStopped = false;
  /** Requests are ended by us from here on: that they fail says nothing of their endpoints. */
  #isCut = false;
  /** Ends the rest before the next look. */
  #wake = new AbortController();
  #isWoken = false;

  constructor(recorder: Recorder, clock: Clock, sender: WebhookSender, backOffMs: readonly number[], onError: OnError) {
    this.#recorder = recorder;
    this.#clock = clock;
    this.#sender = sender;
    this.#backOffMs = backOffMs;
    this.#looks = new TellOnce((error) =>
      onError(error, 'webhooks could not be looked after; the next look tries again'),
    );
    this.#settles = new TellOnce((error) =>
      onError(error, 'what came of a webhook delivery could not be kept; it is sent again within a minute'),
    );
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Waits a little for what is being sent. What is then cut off is due at once, for whoever goes on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.wake();
    await this.#running;
    const answered = new AbortController();
    const patience = sleep(GRACE_MS, undefined, { signal: answered.signal }).catch(() => {});
    await Promise.race([Promise.all(this.#underWay), patience]);
    answered.abort();
    this.#isCut = true;
    this.#sender.close();
    await Promise.all(this.#underWay);
  }

  /** Told of all that is committed here: the hot path, so it does next to nothing. */
  noteCommitted(events: readonly LogEvent[]): void {
    // What several tenants committed in one step is told together.
    if (events.some(({ tenant }) => this.#tenants.has(tenant) || this.#added.has(tenant))) this.wake();
  }

  /** A tenant has a new webhook. */
  noteAdded(tenant: string): void {
    this.#added.add(tenant);
    this.wake();
  }

  /** There is something to do. */
  wake(): void {
    this.#isWoken = true;
    this.#wake.abort();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      let restMs = EVERY_MS;
      this.#isWoken = false;
      await this.#looks.watch(async () => {
        restMs = await this.#look();
      });
      await this.#rest(restMs);
    }
  }

  /** @returns how long there is nothing to do, as far as is known. */
  async #look(): Promise<number> {
    const seen = [...this.#added];
    const work = await this.#recorder.store.read('webhookWork', {});
    this.#tenants = new Set(work.tenants);
    for (const tenant of seen) this.#added.delete(tenant);
    if (work.tenants.length === 0) return IDLE_MS;
    const moved = work.behind && (await this.#enlist());
    const claimed = await this.#claim();
    if (moved || claimed > 0) return PAUSE_MS;
    // What is due and was not had is in other hands, or waits for a place here.
    const dueInMs = work.dueInMs === null || work.dueInMs === 0 ? EVERY_MS : work.dueInMs;
    return Math.min(EVERY_MS, Math.max(PAUSE_MS, dueInMs));
  }

  /** Whether to look again soon. */
  async #enlist(): Promise<boolean> {
    const { out } = await this.#recorder.commit('enlistDeliveries', { limit: STEP, maxPending: MAX_PENDING });
    return out.moved > 0 || out.busy;
  }

  async #claim(): Promise<number> {
    const limits = this.#lanes.claimLimits();
    if (limits === null) return 0;
    const { out } = await this.#recorder.commit('claimDeliveries', { ...limits, leaseMs: LEASE_MS });
    for (const delivery of out.deliveries) this.#start(delivery);
    return out.deliveries.length;
  }

  #start(delivery: ClaimedDelivery): void {
    const work = this.#settles
      .watch(() => this.#deliver(delivery))
      .finally(() => {
        this.#underWay.delete(work);
        this.wake();
      });
    this.#underWay.add(work);
  }

  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    const leave = this.#lanes.enter(delivery.webhook);
    const outcome = await this.#send(delivery);
    leave(!outcome.delivered);
    const { id, claim } = delivery;
    const kept = outcome.delivered || !this.#isCut ? outcome : { ...outcome, retryInMs: 0 };
    await this.#recorder.commit('settleDelivery', { id, claim, outcome: kept });
  }

  /** Never rejects. */
  async #send({ id, url, secrets, body, attempt }: ClaimedDelivery): Promise<DeliveryOutcome> {
    const wait = retryInMs(this.#backOffMs, attempt);
    try {
      const headers = signedHeaders(id, this.#clock.now(), body, secrets);
      const { status, text } = await this.#sender.send({ url, headers, body });
      if (status >= 200 && status < 300) return { delivered: true };
      return { delivered: false, error: refusalText(status, text), retryInMs: status === GONE ? null : wait };
    } catch (error) {
      return { delivered: false, error: (error as Error).message, retryInMs: wait };
    }
  }

  async #rest(ms: number): Promise<void> {
    this.#wake = new AbortController();
    if (this.#isStopped) return;
    // Woken while it looked: what it was woken for may have come after the look.
    await sleep(this.#isWoken ? PAUSE_MS : ms, undefined, { signal: this.#wake.signal }).catch(() => sleep(PAUSE_MS));
  }
}

function refusalText(status: number, text: string): string {
  const said = text === '' ? '' : `: ${text}`;
  if (status < 300 || status >= 400) return `It answered ${status}${said}`;
  return `It answered ${status}, a redirect, which is not followed: give the webhook the address itself${said}`;
}
