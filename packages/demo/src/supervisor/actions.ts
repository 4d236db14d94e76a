import { BelfryError, invalid } from '@belfry/protocol';
import type { SendAnswer } from '../wire.ts';
import type { Parts } from './assemble.ts';
import type { Action } from './control.ts';
import { draftFrom } from './draft.ts';
import { LONGEST_MS } from './traffic.ts';

/** Long enough to be seen going on after the server is back. */
const TRAFFIC_AROUND_KILL_MS = 8_000;
const TRAFFIC_AFTER_CUT_MS = 3_000;

/** Every button of the page. Killing and cutting bring traffic along: without news there is nothing to lose. */
export function actionsOf(parts: Parts): Record<string, Action> {
  const { server, bensNetwork: network, traffic, publisher, asker, topic, job, watchers, snapshot } = parts;
  return {
    'GET /watch': (_, response) => {
      if (watchers.full) throw new BelfryError('unavailable', 'Too many pages are watching. Close some.');
      watchers.add(response, { type: 'snapshot', snapshot: snapshot() });
    },
    'GET /snapshot': () => snapshot(),
    'POST /send': async (body): Promise<SendAnswer> => ({ message: await publisher.publish(draftFrom(body)) }),
    'POST /kill': () => {
      traffic.runFor(TRAFFIC_AROUND_KILL_MS);
      return { killed: server.kill() };
    },
    'POST /cut': ({ seconds = 8 }) => {
      if (typeof seconds !== 'number' || !(seconds > 0)) throw invalid('seconds', 'seconds must be more than 0.');
      network.cut(seconds * 1_000);
      traffic.runFor(seconds * 1_000 + TRAFFIC_AFTER_CUT_MS);
    },
    'POST /restore': () => network.restore(),
    'POST /traffic': ({ on }) => {
      if (on === true) traffic.runFor(LONGEST_MS);
      else traffic.stop();
    },
    'POST /ask': () => asker.ask(),
    'POST /topic/send': () => topic.send(),
    'POST /topic/ben': ({ member }) => {
      if (typeof member !== 'boolean') throw invalid('member', 'member must be true or false.');
      return topic.letBenIn(member);
    },
    'POST /job': () => job.start(),
  };
}
