/** How much of everything. */
export interface Settings {
  seconds: number;
  warmup: number;
  subscribers: number;
  /** Of the idle scenario. */
  connections: number;
  inFlight: number;
  batchSize: number;
  /** Messages a second, where they come by the clock. */
  rate: number;
}

/** What one round measured, by the metrics' keys. */
export type Figures = Record<string, number>;
