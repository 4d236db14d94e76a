import type { Environment } from '../environment.ts';
import { Fitness } from '../fitness.ts';
import type { Requester } from '../requester.ts';
import type { Ways } from '../ways.ts';
import type { SharingOptions } from './session-name.ts';
import { Tab } from './tab.ts';

export interface SharedWays extends Ways {
  /** False where another tab speaks for this one as well. */
  speaks(): boolean;
}

/** One connection for all tabs of a session: the one that leads uses `ways`, the others listen to it. */
export function sharing(
  ways: Required<Pick<Ways, 'stream' | 'poll'>>,
  options: SharingOptions,
  requester: Requester,
  environment: Environment,
): SharedWays {
  const tab = new Tab(ways, options, requester, environment);
  return {
    stream: (from, handlers) => tab.connect('stream', from, handlers),
    poll: (from, handlers) => tab.connect('poll', from, handlers),
    judge: new Fitness(),
    leave: () => tab.leave(),
    speaks: () => tab.speaks,
  };
}
