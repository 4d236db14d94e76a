import {
  BelfryError,
  type Channel,
  invalid,
  type Notification,
  type Page,
  type ServiceNotification,
  userChannel,
} from '@belfry/protocol';
import type { NewNotification, PatchNotification } from '@belfry/protocol/schemas';
import { requireOwnChannel, requireService, requireWriter } from './access.ts';
import type { Clock } from './clock.ts';
import { createdList, createdTexts } from './created.ts';
import { newId } from './ids.ts';
import type { LogEvent } from './log-event.ts';
import type { Principal } from './principal.ts';
import { type Published, PublishedLate } from './published.ts';
import type { Recorder } from './recorder.ts';
import type { Idempotency } from './store/commit.ts';
import type { NotificationDraft, NotificationPatch, NotificationQuery } from './store/notifications.ts';
import type { Writes } from './store/writes.ts';

interface Stored {
  /** The notifications are made of the events where they are asked for, which the answer need not. */
  out: Writes['publish']['out'];
  replayed: boolean;
  /** Empty of a replay. */
  events: readonly LogEvent[];
}

/** Writing notifications, and reading them as services do. */
export class Notifications {
  readonly #recorder: Recorder;
  readonly #clock: Clock;

  constructor(recorder: Recorder, clock: Clock) {
    this.#recorder = recorder;
    this.#clock = clock;
  }

  /** @throws BelfryError `forbidden` where a person writes to anyone but themselves, or a key may not publish. */
  async publish(
    principal: Principal,
    body: NewNotification,
    idempotency?: Idempotency,
  ): Promise<Published<ServiceNotification | Notification>> {
    const to = addressees(principal, body.to);
    const draft = this.#draft({ ...body, dedupeKey: dedupeKey(principal, body.dedupeKey) }, to);
    const late = this.#lateField([draft], '');
    const { out, replayed, events } = await this.#publish(principal.tenant, [draft], late, idempotency);
    return new PublishedLate(
      replayed,
      () => createdTexts(events, principal.kind),
      () => {
        const notification = out.notifications[0]!;
        return principal.kind === 'service' ? notification : asNew(notification);
      },
    );
  }

  /** All of them or none, in this order, as one step. */
  async publishBatch(
    tenant: string,
    bodies: readonly NewNotification[],
    idempotency?: Idempotency,
  ): Promise<Published<ServiceNotification[]>> {
    const now = this.#clock.now();
    const drafts = bodies.map((body, index) => {
      if (body.to == null) throw nobody(`notifications.${index}.to`);
      return draftOf(newId(now), body, body.to);
    });
    const late = this.#lateField(drafts, 'notifications.');
    const { out, replayed, events } = await this.#publish(tenant, drafts, late, idempotency);
    return new PublishedLate(
      replayed,
      () => createdList(events),
      () => out.notifications,
    );
  }

  async #publish(
    tenant: string,
    drafts: NotificationDraft[],
    late: string | null,
    idempotency: Idempotency | undefined,
  ): Promise<Stored> {
    if (late !== null) return this.#firstAnswer(tenant, inThePast(late), idempotency);
    return this.#recorder.commit('publish', { tenant, drafts }, idempotency);
  }

  /** A message that is delivered again may have expired since: it gets its first answer and no refusal. */
  async #firstAnswer(tenant: string, refusal: BelfryError, idempotency: Idempotency | undefined): Promise<Stored> {
    if (idempotency === undefined) throw refusal;
    const first = await this.#recorder.store.read('firstPublished', { tenant, idempotency });
    if (first === null) throw refusal;
    return { out: first, replayed: true, events: [] };
  }

  async edit(tenant: string, id: string, patch: PatchNotification): Promise<ServiceNotification> {
    if (this.#isPast(patch.expiresAt)) throw inThePast('expiresAt');
    const input = { tenant, id, patch: normalized(patch) };
    const { out } = await this.#recorder.commit('edit', input);
    return out.notification;
  }

  async withdraw(tenant: string, id: string): Promise<void> {
    await this.#recorder.commit('withdraw', { tenant, id });
  }

  list(tenant: string, query: NotificationQuery): Promise<Page<ServiceNotification>> {
    return this.#recorder.store.read('notifications', { tenant, query });
  }

  async get(tenant: string, id: string): Promise<ServiceNotification> {
    const found = await this.#recorder.store.read('notification', { tenant, id });
    if (found === null) throw noNotification();
    return found;
  }

  #draft(body: NewNotification, to: Channel[]): NotificationDraft {
    return draftOf(newId(this.#clock.now()), body, to);
  }

  #lateField(drafts: readonly NotificationDraft[], at: '' | 'notifications.'): string | null {
    const index = drafts.findIndex(({ expiresAt }) => this.#isPast(expiresAt));
    if (index === -1) return null;
    return at === '' ? 'expiresAt' : `${at}${index}.expiresAt`;
  }

  #isPast(expiresAt: string | null | undefined): boolean {
    return expiresAt != null && Date.parse(expiresAt) <= this.#clock.now();
  }
}

/** With every field set; absent is null. */
export function draftOf(id: string, body: NewNotification, to: Channel[]): NotificationDraft {
  return {
    id,
    to,
    type: body.type,
    title: body.title,
    body: body.body ?? null,
    actionUrl: body.actionUrl ?? null,
    actions: body.actions ?? [],
    actor: body.actor ?? null,
    icon: body.icon ?? null,
    severity: body.severity ?? 'info',
    subject: body.subject ?? null,
    data: body.data ?? null,
    dedupeKey: body.dedupeKey ?? null,
    expiresAt: body.expiresAt ?? null,
    fallback: body.fallback ?? null,
  } as NotificationDraft;
}

export function noNotification(): BelfryError {
  return new BelfryError(
    'not_found',
    'There is no such notification here; it may have been withdrawn or have expired.',
  );
}

function nobody(field: string): BelfryError {
  return invalid(field, `${field} is missing.`);
}

function inThePast(field: string): BelfryError {
  return invalid(field, `${field} is in the past: give a later time, or leave it out.`);
}

/** Who it goes to. A person may leave `to` out or name themselves, and nobody else. */
function addressees(principal: Principal, to: Channel[] | null | undefined): Channel[] {
  if (principal.kind === 'service') {
    requireService(principal, 'publish');
    if (to == null) throw invalid('to', 'to is missing: name a channel, such as user:42.');
    return to;
  }
  requireOwnChannel(requireWriter(principal), to ?? null);
  return [userChannel(principal.user)];
}

/** A person's keys are their own: they must not be able to withdraw what others were sent. */
function dedupeKey(principal: Principal, key: string | null | undefined): string | null {
  if (key == null) return null;
  return principal.kind === 'service' ? key : `${userChannel(principal.user)} ${key}`;
}

function asNew({ to: _, ...notification }: ServiceNotification): Notification {
  return { ...notification, seenAt: null, readAt: null, archivedAt: null };
}

/** Without what the sender did not name: an absent field stays as it is, null clears. */
function normalized(patch: PatchNotification): NotificationPatch {
  const cleared = patch.actions === null ? { ...patch, actions: [] } : patch;
  const named = Object.entries(cleared).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as NotificationPatch;
}
