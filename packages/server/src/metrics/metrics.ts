import type { Store } from '@belfry/core';
import type { Hub } from '@belfry/hub';
import { backlogFamilies } from './backlog-metrics.ts';
import { busFamilies } from './bus-metrics.ts';
import { expositionOf } from './exposition.ts';
import { type Family, Watched } from './families.ts';
import { ProcessMetrics } from './process-metrics.ts';
import { StoreMetrics } from './store-metrics.ts';
import { StreamMetrics } from './stream-metrics.ts';
import type { Traffic } from './traffic.ts';

/** Everything an operator may want to watch of this process. Its parts are given to what they watch. */
export class Metrics {
  readonly streams = new StreamMetrics();
  readonly store = new StoreMetrics();
  readonly #process = new ProcessMetrics();
  readonly #traffic: Traffic;
  readonly #version: string;

  constructor(traffic: Traffic, version: string) {
    this.#traffic = traffic;
    this.#version = version;
  }

  /** As Prometheus reads it. */
  async text(hub: Hub, store: Store): Promise<string> {
    const backlog = await backlogFamilies(store);
    return expositionOf([
      this.#build(),
      ...this.streams.families(hub),
      ...this.store.families(),
      ...backlog,
      ...busFamilies(hub),
      ...this.#traffic.families(),
      ...this.#process.families(),
    ]);
  }

  stop(): void {
    this.#process.stop();
  }

  #build(): Family {
    return new Watched(
      'gauge',
      'belfry_build_info',
      'Which Belfry this is.',
      () => ({ [this.#version]: 1 }),
      'version',
    );
  }
}
