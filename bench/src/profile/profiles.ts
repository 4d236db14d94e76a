import type { RunningServer } from '../processes/server.ts';
import type { Phase } from '../scenarios/scenario.ts';
import { selfTimes, topLines } from './cpu-profile.ts';
import { liveBytes } from './heap-profile.ts';

const TOP = 20;

/** Takes a profile of the server during the measured part of a round, and says where its time or memory went. */
export class RoundProfile {
  readonly #kind: 'cpu' | 'heap';
  #found: Record<string, unknown> = {};

  constructor(scenario: string) {
    this.#kind = scenario === 'idle' ? 'heap' : 'cpu';
  }

  async at(phase: Phase, server: RunningServer): Promise<void> {
    if (phase === 'measuring') await server.ask(`start ${this.#kind}`);
    if (phase === 'measured') this.#found = (await server.ask(`stop ${this.#kind}`)) ?? {};
  }

  /** The profiles as V8 wrote them, by thread, for tools that draw them. */
  get files(): [name: string, json: string][] {
    const ending = this.#kind === 'cpu' ? 'cpuprofile' : 'heapprofile';
    return Object.entries(this.#found).map(([thread, profile]) => [
      `${thread.replaceAll(/\W+/g, '-')}.${ending}`,
      JSON.stringify(profile),
    ]);
  }

  get text(): string {
    const threads = Object.entries(this.#found).map(([thread, profile]) => {
      const lines = this.#kind === 'cpu' ? topLines(selfTimes(profile), TOP) : topLines(liveBytes(profile), TOP);
      return [`  ${thread}`, ...lines.map((line) => `    ${line}`)].join('\n');
    });
    return threads.length === 0 ? '  This server can not be profiled.' : threads.join('\n\n');
  }
}
