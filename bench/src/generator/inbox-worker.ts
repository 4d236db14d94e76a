// The thread that an InboxThread starts: does what it is told, one thing after the other.
import { parentPort, workerData } from 'node:worker_threads';
import type { Figures } from '../figures.ts';
import { serverPeer } from '../peers/index.ts';
import { InboxLoad } from './inbox-load.ts';
import type { InboxJob, InboxWish } from './inbox-thread.ts';

const { peer, settings, ...ends } = workerData as InboxJob;
const load = await InboxLoad.open({ ...ends, wire: serverPeer(peer).wire }, settings);
load.failed.catch((error: Error) => {
  throw error;
});

const DO: Readonly<Record<InboxWish, () => Figures | Promise<Figures>>> = {
  begin: () => {
    load.begin();
    return {};
  },
  times: () => load.times(),
  stop: () => load.stop(),
};

parentPort?.on('message', async (wish: InboxWish) => parentPort?.postMessage(await DO[wish]()));
parentPort?.postMessage({});
