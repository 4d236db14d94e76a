import route from '../src/by-hand/route.ts?url';
import asker from '../src/supervisor/asker.ts?url';
import job from '../src/supervisor/job.ts?url';
import network from '../src/supervisor/network.ts?url';
import publisher from '../src/supervisor/publisher.ts?url';
import server from '../src/supervisor/server-process.ts?url';
import topic from '../src/supervisor/topic.ts?url';
import traffic from '../src/supervisor/traffic.ts?url';
import tally from './tally.ts?url';
import lane from './view/person-lane.tsx?url';
import run from './view/run-panel.tsx?url';

export interface Code {
  name: string;
  url: string;
}

/** The source of each part of the page, as it was when the page was built. */
export const code = {
  asker: { name: 'asker.ts', url: asker },
  job: { name: 'job.ts', url: job },
  lane: { name: 'person-lane.tsx', url: lane },
  network: { name: 'network.ts', url: network },
  publisher: { name: 'publisher.ts', url: publisher },
  route: { name: 'route.ts', url: route },
  run: { name: 'run-panel.tsx', url: run },
  server: { name: 'server-process.ts', url: server },
  tally: { name: 'tally.ts', url: tally },
  topic: { name: 'topic.ts', url: topic },
  traffic: { name: 'traffic.ts', url: traffic },
} satisfies Record<string, Code>;
