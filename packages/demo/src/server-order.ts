import type { ServerOptions } from '@belfry/server';
import type { PageConfig } from './wire.ts';

/** Settings of the server that the demo does not decide itself. */
export type ServerSettings = { [Name in 'corsOrigins' | 'hub' | 'retention']?: ServerOptions[Name] | undefined };

/** What the supervisor tells the server it starts, as the first message between the processes. */
export interface ServerOrder {
  settings: ServerSettings;
  host: string;
  port: number;
  dataDir: string;
  apiKey: string;
  jwtSecret: string;
  /** Origins the page may have. */
  origins: readonly string[];
  /** Where the built page is; left out: where this package has it. */
  pageDir?: string | undefined;
  page: Omit<PageConfig, 'byHandSource'>;
}

export type ServerReport = { type: 'ready'; url: string } | { type: 'failed'; message: string };
