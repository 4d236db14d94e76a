import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { type Family, Watched } from './families.ts';

const NS = 1e9;
const RESOLUTION_MS = 10;

/**
 * The process itself, by the names that dashboards know from Prometheus' own client libraries. The delay of the event
 * loop is measured from the first scrape on: where nobody asks, it costs nothing.
 */
export class ProcessMetrics {
  #delay: ReturnType<typeof monitorEventLoopDelay> | null = null;

  families(): Family[] {
    const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const gauge = (name: string, help: string, value: number) => new Watched('gauge', name, help, () => value);
    const counter = (name: string, help: string, value: number) => new Watched('counter', name, help, () => value);
    return [
      counter('process_cpu_user_seconds_total', 'CPU time in user mode.', user / 1e6),
      counter('process_cpu_system_seconds_total', 'CPU time in the kernel.', system / 1e6),
      counter('process_cpu_seconds_total', 'CPU time in all.', (user + system) / 1e6),
      gauge('process_start_time_seconds', 'When the process started, in seconds since 1970.', startedAt()),
      gauge('process_resident_memory_bytes', 'Resident memory.', rss),
      gauge('nodejs_heap_size_total_bytes', 'The heap of JavaScript.', heapTotal),
      gauge('nodejs_heap_size_used_bytes', 'What of it is used.', heapUsed),
      gauge('nodejs_external_memory_bytes', 'Memory of buffers, beside the heap.', external),
      ...Object.entries(this.#readDelay()).map(([of, seconds]) =>
        gauge(
          `nodejs_eventloop_lag_${of}_seconds`,
          `How late the event loop was since the scrape before: ${of}.`,
          seconds,
        ),
      ),
    ];
  }

  stop(): void {
    this.#delay?.disable();
    this.#delay = null;
  }

  /** The lag is what the timer of the measurement was late by. */
  #readDelay(): Record<string, number> {
    const delay = this.#delay;
    if (delay === null) {
      this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      this.#delay.enable();
      return {};
    }
    const late = (ns: number) => Math.max(0, ns / NS - RESOLUTION_MS / 1_000);
    const delays = { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) };
    delay.reset();
    return delays;
  }
}

function startedAt(): number {
  return Math.round(performance.timeOrigin) / 1_000;
}
