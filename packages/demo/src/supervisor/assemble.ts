import type { SentMessage, Snapshot } from '../wire.ts';
import { Asker } from './asker.ts';
import { Job } from './job.ts';
import { Ledger } from './ledger.ts';
import { Network } from './network.ts';
import { Publisher } from './publisher.ts';
import { type Entry, ServerProcess } from './server-process.ts';
import { ServiceCalls } from './service-calls.ts';
import { Topic } from './topic.ts';
import { Traffic } from './traffic.ts';
import { Watchers } from './watchers.ts';

export interface Assembly {
  run: string;
  apiKey: string;
  /** Where the server is for this machine. */
  host: string;
  port: number;
  address: string;
  entry: Entry;
  restartDelayMs?: number | undefined;
}

export interface Parts {
  server: ServerProcess;
  bensNetwork: Network;
  /** Never cut. A way of its own, so that the two streams of Ada do not share one host's six connections. */
  adasNetwork: Network;
  traffic: Traffic;
  publisher: Publisher;
  calls: ServiceCalls;
  asker: Asker;
  topic: Topic;
  job: Job;
  watchers: Watchers;
  snapshot(): Snapshot;
}

/** The supervisor's parts, joined: whatever changes in one of them is told to the pages that watch. */
export function assemble(plan: Assembly): Parts {
  const { run, apiKey, address, entry, restartDelayMs } = plan;
  const target = { host: plan.host, port: plan.port };
  const watchers = new Watchers();
  const ledger = new Ledger();
  const tellMessage = (message: SentMessage): void => watchers.tell({ type: 'message', message });
  const publisher = new Publisher({ url: address, run, apiKey, ledger, onChange: tellMessage });
  const server = new ServerProcess({
    entry,
    restartDelayMs,
    onChange: (state) => watchers.tell({ type: 'server', server: state }),
  });
  const bensNetwork = new Network({
    target,
    onChange: (state) => watchers.tell({ type: 'network', network: state }),
  });
  const traffic = new Traffic({
    // What Belfry would refuse is not in the texts; what does not fit any more is left out.
    publish: (draft) => void publisher.publish(draft).catch(() => {}),
    onChange: (state) => watchers.tell({ type: 'traffic', traffic: state }),
  });
  const calls = new ServiceCalls({ url: address, apiKey });
  const asker = new Asker(calls);
  const topic = new Topic(calls, (state) => watchers.tell({ type: 'topic', topic: state }));
  const job = new Job(calls, (state) => watchers.tell({ type: 'job', job: state }));
  const snapshot = (): Snapshot => ({
    run,
    nextSeq: ledger.nextSeq,
    server: server.state,
    network: bensNetwork.state,
    traffic: traffic.state,
    topic: topic.state,
    job: job.state,
    messages: ledger.messages,
  });
  return {
    server,
    bensNetwork,
    adasNetwork: new Network({ target }),
    traffic,
    publisher,
    calls,
    asker,
    topic,
    job,
    watchers,
    snapshot,
  };
}

export async function disassemble(parts: Parts): Promise<void> {
  parts.traffic.stop();
  parts.publisher.stop();
  parts.calls.stop();
  parts.watchers.stop();
  await Promise.all([parts.server.stop(), parts.bensNetwork.stop(), parts.adasNetwork.stop()]);
}
