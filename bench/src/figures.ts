/** How much of everything. */
export interface Settings {
  seconds: number;
  warmup: number;
  subscribers: number;
  /** Of the idle scenario. */
  connections: number;
  inFlight: number;
  batchSize: number;
  /** Who have something in the scenario about deliveries. */
  people: number;
  /** Messages a second, where they come by the clock. */
  rate: number;
}

/** What one round measured, by the metrics' keys. */
export type Figures = Record<string, number>;
