import { isIP } from 'node:net';
import type { Bus, BusObserver } from '@belfry/hub';
import type { BelfryError } from '@belfry/protocol';
import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import { type Address, parseAddress } from '../address.ts';
import { distrusted } from '../distrust.ts';
import { forbidden, refused, unreachable } from '../failures.ts';
import { type Line, type LineEnds, MessageBus } from '../message-bus.ts';
import { backoffMs } from '../patience.ts';
import { hearErrorsOf } from './hear-errors.ts';
import { knock } from './knock.ts';
import { NatsLine } from './line.ts';

const CONNECT_MS = 5_000;
const NAME = 'belfry-bus';
hearErrorsOf(NAME);

export interface NatsBusOptions {
  /** `nats://` or `tls://`, with user and password, or a token in their place. */
  url: string;
  place: string;
  observer?: BusObserver;
  probeMs?: number;
}

/** @throws BelfryError where NATS can't be reached, or refuses the user, the password or the token. */
export function openNatsBus({ url, place, observer = {}, probeMs = 5_000 }: NatsBusOptions): Promise<Bus> {
  return MessageBus.open({ place, observer, open: (ends) => openLine(url, ends, probeMs) });
}

async function openLine(url: string, ends: LineEnds, probeMs: number): Promise<Line> {
  const address = parseAddress(url, 4222);
  // Asked for at every look at the clock: it may depend on how often was tried, and on nothing that changes meanwhile.
  const jitter = Math.random();
  const dials = { failed: 0 };
  const connection = await connectNats(address, () => backoffMs(dials.failed, () => jitter));
  const line = new NatsLine(connection, ends, dials, probeMs);
  const refusal = await line.refusal().catch(() => null);
  if (refusal === null) return line;
  await line.close();
  throw forbidden('NATS', address.shown, 'BELFRY_BUS', new Error(refusal));
}

async function connectNats(address: Address, reconnectDelayHandler: () => number): Promise<NatsConnection> {
  try {
    await knock(address, CONNECT_MS);
    return await connect({
      servers: address.shown,
      ...credentials(address),
      ...(address.scheme === 'tls' ? { tls: identity(address) } : {}),
      name: NAME,
      noEcho: true,
      timeout: CONNECT_MS,
      // The library's own heartbeat waits for its socket to take a byte before it gives up on it: ours does not.
      pingInterval: 3_600_000,
      reconnect: true,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      reconnectDelayHandler,
      // Each may be a reconnecting one, and a trace costs more than a message.
      noAsyncTraces: true,
    });
  } catch (error) {
    throw asRefusal(address, error);
  }
}

/** Whom the certificate must name. The library says so of names only, and for an IP address Node would take `localhost`. */
function identity({ host }: Address): object {
  return isIP(host) === 0 ? {} : { host };
}

/** A user without a password is a token. */
function credentials({ user, password }: Address) {
  if (user === undefined) return {};
  return password === undefined ? { token: user } : { user, pass: password };
}

function asRefusal({ shown }: Address, error: unknown): BelfryError {
  if (error instanceof errors.AuthorizationError) return refused('NATS', shown, 'BELFRY_BUS');
  return distrusted('NATS', shown, 'BELFRY_BUS', error) ?? unreachable('NATS', shown, 'BELFRY_BUS', error);
}
