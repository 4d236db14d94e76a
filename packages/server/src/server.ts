import { type AskApp, type Clock, type Core, createCore, type Retention, type Store } from '@belfry/core';
import { type Bus, Hub, type HubSettings } from '@belfry/hub';
import type { Hono } from 'hono';
import { KeyWatch } from './auth/key-watch.ts';
import type { PrincipalResolver } from './auth/principal-resolver.ts';
import type { AuthSettings } from './auth/settings.ts';
import { createDoors } from './doors.ts';
import { RefusalLog } from './http/refusal-log.ts';
import { hubLog } from './hub-log.ts';
import { closedWithin, closeServer, type Listening, listen } from './listen.ts';
import { type Log, SILENT } from './log.ts';
import { bothObservers } from './metrics/both-observers.ts';
import { Metrics } from './metrics/metrics.ts';
import { Traffic } from './metrics/traffic.ts';
import type { MetricsAccess } from './routes/metrics.ts';
import { createSender, type Sender } from './sender.ts';
import type { Compression } from './stream/compression.ts';
import { VERSION } from './version.ts';
import { HttpSender, type WebhookSettings } from './webhooks/http-sender.ts';

export interface ServerOptions {
  /** Where everything is kept. Stays the caller's: close it after `stop`. */
  store: Store;
  /** Connects the processes on one database. Stays the caller's: close it after `stop`. Default: there are no others. */
  bus?: Bus;
  /** Who may come in. Left out where `principal` is given. */
  auth?: AuthSettings;
  /** Decides who a request acts for, in place of tokens and keys. */
  principal?: PrincipalResolver;
  /**
   * The app's own rules of who may see what, in place of a token's roles and channels. Answers are kept for a minute, or
   * until `invalidate`.
   */
  access?: AskApp;
  corsOrigins?: readonly string[];
  hub?: Partial<HubSettings>;
  /** How long what is stored stays, where it differs from what the settings of `belfry` have by default. */
  retention?: Partial<Retention>;
  /** How long a stop takes to send everyone away. Milliseconds; default 10,000. */
  drainMs?: number;
  webhooks?: WebhookSettings;
  /** Who may read `/metrics`: keys with the scope `metrics`, or everyone who can reach this server. Default `key`. */
  metrics?: MetricsAccess;
  /** Whether streams are compressed for clients that take gzip. Default `off`. */
  compression?: Compression;
  clock?: Clock;
  log?: Log;
  /** Adds routes ahead of the 404. */
  extend?: (app: Hono) => void;
}

export interface BelfryServer extends Sender {
  /** A fetch handler with every route, to embed. */
  app: Hono;
  core: Core;
  hub: Hub;
  /** What `/metrics` answers, for an app that shows it elsewhere. */
  metrics(): Promise<string>;
  /** Serves on an address of its own. Port 0: a free one. */
  listen(host: string, port: number): Promise<{ url: string; port: number }>;
  /** Sends streams away over `drainMs`, finishes what is under way, and stops. */
  stop(): Promise<void>;
}

/** After the streams have gone, how long a stop waits for requests that are still under way. */
const REQUESTS_MS = 2_000;

/** Belfry in this process. It sweeps from the start, so `stop` belongs to it also where nothing is served. */
export function createServer(options: ServerOptions): BelfryServer {
  const { log = SILENT, drainMs = 10_000, compression = 'off' } = options;
  const traffic = new Traffic();
  const refusals = new RefusalLog(log);
  const metrics = new Metrics(traffic, VERSION);
  const store = metrics.store.watching(options.store);
  const hub = new Hub({
    ...(options.hub === undefined ? {} : { settings: options.hub }),
    ...(options.bus === undefined ? {} : { bus: options.bus }),
    observer: bothObservers(hubLog(log), metrics.streams.observer),
  });
  const core = createCore({
    store,
    announce: hub.announce,
    webhookSender: traffic.watching(new HttpSender(options.webhooks)),
    ...(options.webhooks?.backOffMs === undefined ? {} : { webhookBackOffMs: options.webhooks.backOffMs }),
    onError: (error, what) => log.warn({ err: error }, what),
    ...(options.access === undefined ? {} : { access: options.access }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.retention === undefined ? {} : { retention: options.retention }),
  });
  hub.attach(core);
  const metricsText = () => metrics.text(hub, store);
  const { app, door, streams } = createDoors({ core, hub, log, traffic, refusals, compression }, options, metricsText);
  core.sweeper.start();
  core.relay.start();
  core.presence.start(hub.reachedOf);
  core.deliveryWorker.start();
  const keyWatch = new KeyWatch(core, hub);
  keyWatch.start();
  let listening: Listening | null = null;

  return {
    app,
    core,
    hub,
    metrics: metricsText,
    ...createSender(core),
    async listen(host, port) {
      listening = await listen({ app, door, streams, log, traffic, refusals }, host, port);
      return { url: listening.url, port: listening.port };
    },
    async stop() {
      const closed = listening === null ? null : closeServer(listening);
      await hub.drain(drainMs);
      hub.close();
      if (listening !== null && closed !== null) await closedWithin(listening, closed, REQUESTS_MS);
      await keyWatch.stop();
      await core.presence.stop();
      await core.relay.stop();
      await core.deliveryWorker.stop();
      await core.sweeper.stop();
      metrics.stop();
    },
  };
}
