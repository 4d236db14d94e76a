import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import { Ledger } from '../generator/ledger.ts';
import { endsOf } from '../generator/load.ts';
import { PacedClient } from '../generator/paced-client.ts';
import { ResumingStreams } from '../generator/resuming-streams.ts';
import { cpuMs, peakKb, residentKb } from '../processes/usage.ts';
import { STRIDE } from './one-to-one.ts';
import type { Ground, Metric, Scenario } from './scenario.ts';

/** What is measured from the source would be how long it takes to read it. */
const PEERS = ['Belfry-built', 'Belfry-Postgres-built'];
const PER_SECOND = 100;
const BEFORE_MS = 2_000;
const PATIENCE_MS = 120_000;
/** From the end of the storm to the second look at memory. */
const SETTLE_MS = 5_000;

const metric = (key: string, label: string, better: Metric['better'], digits = 0): Metric => ({
  key,
  label,
  digits,
  better,
});

export const storm: Scenario = {
  name: 'storm',
  about: ({ connections }) =>
    `${connections.toLocaleString('en')} people have a stream open, and ${PER_SECOND} messages a second go to one of them each, through the Node SDK. The server is killed (SIGKILL) and started again at once; all come back with their cursors, 256 at a time, and the SDK tries again. Measured from the kill until all streams are live and have all that was published until then, each once. Memory is resident, after a full collection: before the kill, and ${SETTLE_MS / 1_000} s after the storm.`,
  inFlight: [0],
  limitMs: 300_000,
  peers: PEERS,
  metrics: [
    metric('stormSeconds', 'killed until all live and complete, s', 'lower', 2),
    metric('upSeconds', 'of it, until the first is live again, s', 'lower', 2),
    metric('liveSeconds', 'of it, until all are live, s', 'lower', 2),
    metric('cpuSeconds', 'server CPU of it, s', 'lower', 2),
    metric('refused', 'answers that were no stream', null),
    metric('residentBefore', 'server resident before, MB', null),
    metric('residentPeak', 'the most in the storm, MB', 'lower'),
    metric('residentAfter', 'server resident after, MB', 'lower'),
    metric('generatorBusy', 'generator busy, % of its core', null),
    metric('verified', 'deliveries verified', null),
    metric('missing', 'missing', null),
    metric('doubled', 'doubled or astray', null),
  ],
  goals: PEERS.flatMap((peer) => [
    { peer, key: 'stormSeconds', is: 'at most', target: 12 },
    { peer, key: 'residentAfter', is: 'at most', target: { share: 1.1, of: peer, key: 'residentBefore' } },
  ]),
  async run(ground) {
    const { connections } = ground.settings;
    const ledger = new Ledger(connections);
    const [server] = endsOf(ground);
    const streams = new ResumingStreams(ground.wire, server, connections, (to, seq, now) =>
      ledger.receive(to, seq, now),
    );
    let to = 0;
    const next = () => {
      to = (to + STRIDE) % connections;
      return to;
    };
    const client = await PacedClient.open(ground, ledger, next);
    try {
      return await Promise.race([measure(ground, ledger, streams, client), client.failed]);
    } finally {
      streams.close();
      await client.close();
    }
  },
};

async function measure(ground: Ground, ledger: Ledger, streams: ResumingStreams, client: PacedClient) {
  const { ask, phase } = ground;
  const [{ pid }] = endsOf(ground);
  await within(streams.open(), 'not all streams became live at the start');
  await phase('collect');
  const residentBefore = residentKb(pid) / 1_024;
  client.start(PER_SECOND);
  await sleep(BEFORE_MS);
  const own = process.cpuUsage();
  const killedAt = performance.now();
  await ask('kill');
  const since = () => (performance.now() - killedAt) / 1_000;
  const again = await ask('start');
  const upSeconds = await firstLive(streams).then(since);
  await phase('measuring');
  await within(streams.allLive(), 'not all streams came back');
  const liveSeconds = since();
  await client.stop(PATIENCE_MS);
  await within(allReceived(ledger), 'not all messages came');
  const stormSeconds = since();
  const { user, system } = process.cpuUsage(own);
  const cpuSeconds = cpuMs(again) / 1_000;
  await phase('measured');
  await sleep(SETTLE_MS);
  await phase('collect');
  const memory = { residentBefore, residentPeak: peakKb(again) / 1_024, residentAfter: residentKb(again) / 1_024 };
  const times = { stormSeconds, upSeconds, liveSeconds, cpuSeconds };
  const generatorBusy = (user + system) / 1_000 / stormSeconds / 10;
  return { ...times, ...memory, generatorBusy, refused: streams.refused, ...verdict(ledger) };
}

function verdict(ledger: Ledger): Figures {
  const { deliveries: verified, doubled, strays } = ledger.tally;
  return { verified, missing: ledger.missing, doubled: doubled + strays };
}

async function firstLive(streams: ResumingStreams): Promise<void> {
  // The old streams end a moment after the kill.
  await within(
    until(() => streams.live === 0),
    'the old streams did not end',
  );
  await within(
    until(() => streams.live > 0),
    'no stream came back',
  );
}

function allReceived(ledger: Ledger): Promise<void> {
  return until(() => ledger.missing === 0);
}

async function until(isSo: () => boolean): Promise<void> {
  for (const begun = performance.now(); !isSo() && performance.now() - begun < PATIENCE_MS; ) await sleep(10);
}

async function within(work: Promise<void>, what: string): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const late = new Promise<never>((_, reject) => {
    patience.addEventListener('abort', () => reject(new Error(`In ${PATIENCE_MS / 1_000} s ${what}.`)));
  });
  await Promise.race([work, late]);
}
