import { ApiKeys } from './api-keys.ts';
import { AppAccess } from './app-access.ts';
import type { AskApp } from './app-answer.ts';
import { ArtifactLinks } from './artifact-links.ts';
import { type Clock, systemClock } from './clock.ts';
import { Events } from './events.ts';
import { withFreshAccess } from './fresh-access.ts';
import { Inbox } from './inbox.ts';
import { Memberships } from './memberships.ts';
import { Notifications } from './notifications.ts';
import { Presence } from './presence.ts';
import { Questions } from './questions.ts';
import { type Announce, Recorder } from './recorder.ts';
import { Relay } from './relay.ts';
import { Runs } from './runs.ts';
import type { Store } from './store/port.ts';
import { DEFAULT_RETENTION, type Retention, Sweeper } from './sweeper.ts';
import type { OnError } from './tell-once.ts';
import { Tickets } from './tickets.ts';
import { BACK_OFF_MS } from './webhooks/back-off.ts';
import { DeliveryWorker } from './webhooks/delivery-worker.ts';
import { NO_SENDER, type WebhookSender } from './webhooks/sender.ts';
import { Webhooks } from './webhooks/webhooks.ts';

export interface CoreOptions {
  store: Store;
  /** Where committed events go: the hub of this process, and from there the others. */
  announce: Announce;
  clock?: Clock;
  /** An app's own rules of who may see what, in place of what tokens say. */
  access?: AskApp;
  /** What differs from `DEFAULT_RETENTION`. */
  retention?: Partial<Retention>;
  /** How webhook deliveries leave this process. Without it none do, and nothing can be added. */
  webhookSender?: WebhookSender;
  /** How long after each failed try the next one is. Milliseconds; by default eleven tries over a day. */
  webhookBackOffMs?: readonly number[];
  /** Told when what Belfry does by itself begins to fail. It goes on trying. */
  onError?: OnError;
}

/** All that Belfry can do, with no HTTP and no SQL in it. */
export interface Core {
  store: Store;
  clock: Clock;
  notifications: Notifications;
  inbox: Inbox;
  events: Events;
  memberships: Memberships;
  appAccess: AppAccess;
  questions: Questions;
  runs: Runs;
  artifactLinks: ArtifactLinks;
  tickets: Tickets;
  apiKeys: ApiKeys;
  presence: Presence;
  sweeper: Sweeper;
  relay: Relay;
  webhooks: Webhooks;
  /** Sends to webhooks. Does nothing until it is started. */
  deliveryWorker: DeliveryWorker;
}

export function createCore(options: CoreOptions): Core {
  const { announce, clock = systemClock, retention, onError = () => {} } = options;
  const { webhookSender = NO_SENDER, webhookBackOffMs = BACK_OFF_MS } = options;
  const { access = null } = options;
  const store = access === null ? options.store : withFreshAccess(options.store, (reader) => appAccess.again(reader));
  const recorder: Recorder = new Recorder(store, (events) => {
    announce(events);
    deliveryWorker.noteCommitted(events);
  });
  const deliveryWorker = new DeliveryWorker(recorder, clock, webhookSender, webhookBackOffMs, onError);
  const appAccess: AppAccess = new AppAccess(recorder, clock, access);
  const artifactLinks = new ArtifactLinks(recorder, clock);
  return {
    store,
    clock,
    notifications: new Notifications(recorder, clock),
    inbox: new Inbox(recorder),
    events: new Events(recorder),
    memberships: new Memberships(recorder),
    appAccess,
    questions: new Questions(recorder, clock),
    runs: new Runs(recorder, clock, artifactLinks),
    artifactLinks,
    tickets: new Tickets(recorder),
    apiKeys: new ApiKeys(recorder, clock),
    presence: new Presence(recorder, onError),
    sweeper: new Sweeper(recorder, { ...DEFAULT_RETENTION, ...retention }, onError),
    relay: new Relay(recorder, onError),
    webhooks: new Webhooks(recorder, clock, webhookSender, deliveryWorker),
    deliveryWorker,
  };
}
