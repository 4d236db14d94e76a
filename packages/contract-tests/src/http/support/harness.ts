/** What a suite may turn about the server under test. Milliseconds. */
export interface HttpSettings {
  heartbeatMs?: number;
  runHeartbeatMs?: number;
  lifetimeMs?: number;
  corsOrigins?: string[];
  webhooks?: { private: 'allow'; timeoutMs: number; backOffMs: number[] };
}

/** The claims of a person's token; `exp` is an hour from now unless given, and null leaves it out. */
export type Claims = { sub: string } & Record<string, unknown>;

/** A running server, or several behind one address. */
export interface HttpHarness {
  url: string;
  /** How many share the load, in turn; one unless said. */
  processes?: number;
  /** Every scope in every tenant. */
  apiKey: string;
  tokenFor(claims: Claims): Promise<string>;
  stop(): Promise<void>;
}

export type StartHttp = (settings?: HttpSettings) => Promise<HttpHarness>;
