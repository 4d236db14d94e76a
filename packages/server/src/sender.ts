import { type Core, SCOPES, type Service } from '@belfry/core';
import type { Question, ServiceNotification } from '@belfry/protocol';
import { newEvent, newNotification, newQuestion, parseWith, userName } from '@belfry/protocol/schemas';
import type * as z from 'zod';

export interface SendOptions {
  /** `default` without it. */
  tenant?: string;
}

/** Sends from the embedding app's own code: no request, no key, the same checks. Each resolves when it is stored. */
export interface Sender {
  /** @throws BelfryError `invalid`, naming the field. */
  notify(notification: z.input<typeof newNotification>, options?: SendOptions): Promise<ServiceNotification>;
  /** Asks people, or services with `answerBy`. Answers come as events. @throws BelfryError `invalid`, naming the field. */
  ask(question: z.input<typeof newQuestion>, options?: SendOptions): Promise<Question>;
  /** One of the app's own events. @throws BelfryError `invalid`, naming the field. */
  publish(event: z.input<typeof newEvent>, options?: SendOptions): Promise<{ cursor: string }>;
  /** What `access` answers for this person has changed: their streams, here and elsewhere, wait for a new answer. */
  invalidate(user: string, options?: SendOptions): Promise<void>;
}

export function createSender(core: Core): Sender {
  return {
    async notify(notification, options = {}) {
      const { value } = await core.notifications.publish(itself(options), parseWith(newNotification, notification));
      return value as ServiceNotification;
    },
    async ask(question, options = {}) {
      const { value } = await core.questions.ask(itself(options), parseWith(newQuestion, question));
      return value;
    },
    async publish(event, options = {}) {
      const { value } = await core.events.publish(itself(options).tenant, parseWith(newEvent, event));
      return value;
    },
    async invalidate(user, options = {}) {
      await core.appAccess.invalidate(itself(options).tenant, parseWith(userName, user, 'user'));
    },
  };
}

function itself({ tenant = 'default' }: SendOptions): Service {
  return { kind: 'service', tenant, key: 'embedding app', scopes: SCOPES, tenants: 'all' };
}
