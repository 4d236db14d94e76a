import type { RunningServer } from '../processes/server.ts';
import type { Phase } from '../scenarios/scenario.ts';
import { selfTimes, topLines } from './cpu-profile.ts';
import { liveBytes } from './heap-profile.ts';

const TOP = 20;

/** Takes a profile of the servers during the measured parts of a round, and says where their time or memory went. */
export class RoundProfile {
  readonly #kind: 'cpu' | 'heap';
  readonly #found: Record<string, unknown> = {};
  #parts = 0;

  constructor(scenario: string) {
    this.#kind = scenario === 'idle' ? 'heap' : 'cpu';
  }

  async at(phase: Phase, servers: readonly RunningServer[]): Promise<void> {
    if (phase === 'measuring') this.#parts += 1;
    const part = this.#parts > 1 ? `part ${this.#parts}, ` : '';
    for (const [index, server] of servers.entries()) {
      const found = await server.ask(`${phase === 'measuring' ? 'start' : 'stop'} ${this.#kind}`);
      const prefix = part + (servers.length === 1 ? '' : `server ${index + 1}, `);
      for (const [thread, profile] of Object.entries(found ?? {})) this.#found[prefix + thread] = profile;
    }
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
