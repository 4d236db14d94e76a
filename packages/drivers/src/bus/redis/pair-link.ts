import type { Redis } from 'ioredis';
import type { RedisEnds, RedisLink } from './link.ts';
import { isReply } from './reply.ts';

/** One Redis: a connection to publish on and one to listen on. */
export function pairLink(publisher: Redis, subscriber: Redis, isSharded: boolean, ends: RedisEnds): RedisLink {
  for (const client of [publisher, subscriber]) {
    client.on('error', (error: Error) => ends.onDown(error.message));
    client.on('end', () => ends.onDown('Redis closed the connection'));
  }
  subscriber.on(isSharded ? 'smessageBuffer' : 'messageBuffer', (subject: Buffer, bytes: Buffer) =>
    ends.onMessage(subject.toString('latin1'), bytes),
  );
  return {
    send: (subject, bytes) => (isSharded ? publisher.spublish(subject, bytes) : publisher.publish(subject, bytes)),
    subscribe: (subject) => (isSharded ? subscriber.ssubscribe(subject) : subscriber.subscribe(subject)),
    unsubscribe(subject) {
      const done = isSharded ? subscriber.sunsubscribe(subject) : subscriber.unsubscribe(subject);
      done.catch(() => {});
    },
    // One that refuses is as alive as one that answers.
    ping: () => Promise.all([publisher, subscriber].map((client) => client.ping().catch(rethrowUnlessReply))),
    end: () => Promise.all([publisher.quit(), subscriber.quit()]),
    destroy() {
      for (const client of [publisher, subscriber]) {
        client.disconnect();
        client.stream?.destroy();
      }
    },
  };
}

function rethrowUnlessReply(error: unknown): void {
  if (!isReply(error)) throw error;
}
