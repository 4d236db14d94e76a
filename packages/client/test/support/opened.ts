import { type Belfry, type BelfryOptions, createBelfry, type Frame } from '../../src/index.ts';
import { ManualEnvironment } from './manual-environment.ts';
import { afterTest, type ScriptedServer } from './scripted-server.ts';

/** A started client, with the numbers of the app's events as they were handed over. */
export interface Opened {
  belfry: Belfry;
  environment: ManualEnvironment;
  numbers: number[];
  gaps: string[];
  frames: Frame[];
}

export function opened(server: ScriptedServer, options: Partial<BelfryOptions> = {}): Opened {
  const environment = new ManualEnvironment();
  const belfry = createBelfry({ url: server.url, environment, ...options });
  const one: Opened = { belfry, environment, numbers: [], gaps: [], frames: [] };
  belfry.on('test.*', ({ data }) => one.numbers.push((data as { n: number }).n));
  belfry.onGap((reason) => one.gaps.push(reason));
  belfry.onFrame((frame) => one.frames.push(frame));
  afterTest(() => belfry.stop());
  belfry.start();
  return one;
}
