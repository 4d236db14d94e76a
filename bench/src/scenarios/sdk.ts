import { ClientPublishers } from '../generator/client-publishers.ts';
import { measurePublishing } from '../generator/load.ts';
import { numbered } from '../generator/sequence.ts';
import { oneToOne, STRIDE, warmed, warmupOf } from './one-to-one.ts';
import type { Ground, Scenario } from './scenario.ts';

const IN_FLIGHT = [16, 64];

export const sdk: Scenario = {
  ...oneToOne,
  name: 'sdk',
  about: (settings) =>
    `The same through Belfry's Node SDK: ${settings.inFlight} calls of \`notify()\` at a time, which it gathers into batches by itself. Each message goes to one of ${settings.subscribers.toLocaleString('en')} people; a call is made when the message of the one before has been received. The SDK runs in the generator. better-sse has no such thing and gets a request each. Measured after ${warmupOf(settings).toFixed(1)} s.`,
  inFlight: IN_FLIGHT,
  peers: ['Belfry', 'better-sse'],
  goals: IN_FLIGHT.map((inFlight) => ({
    ...{ peer: 'Belfry', key: 'messagesPerSecond', is: 'at least', inFlight },
    target: { share: 1, of: 'better-sse' },
  })),
  run: (ground) => (ground.wire.client === undefined ? oneToOne.run(ground) : measureClient(warmed(ground))),
};

function measureClient(ground: Ground) {
  const { wire, settings } = ground;
  let to = 0;
  return measurePublishing(ground, settings.subscribers, (server, ledger) => {
    const connect = async () => {
      if (wire.client === undefined) throw new Error('This peer has no library for services.');
      return wire.client(server);
    };
    return new ClientPublishers(connect, (client, now, received) => {
      to = (to + STRIDE) % settings.subscribers;
      return client.publish({ to, title: numbered(ledger.open(to, now, received), 'Ada commented on your story') });
    });
  });
}
