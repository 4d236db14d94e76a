import { type Channel, isChannel } from '@belfry/protocol';

/** Those in `to` that are channels, whatever else is wrong with it; null for none. */
export function channelsNamed(body: unknown): Channel[] | null {
  const { to } = (body ?? {}) as { to?: unknown };
  const channels = [to].flat().filter((one): one is Channel => typeof one === 'string' && isChannel(one));
  return channels.length === 0 ? null : channels;
}
