/** What somebody puts in a page, what it may weigh, and what it should. Bytes, minified and gzipped, React excluded. */
export interface Case {
  readonly name: string;
  readonly code: string;
  /** Stylesheets that come with it, as a package exports them. */
  readonly styles?: readonly string[];
  /** What we want. */
  readonly goal: number;
  /** What the check lets pass. It is 1 % above a measurement, and follows it down; `npm run sizes` says when. */
  readonly ceiling: number;
}

export const cases: readonly Case[] = [
  {
    name: 'the stream alone',
    code: `export { openStream } from '@belfry/client';`,
    goal: 4_000,
    ceiling: 6_322,
  },
  {
    name: 'the whole client',
    code: `export * from '@belfry/client';`,
    goal: 7_000,
    ceiling: 20_228,
  },
  {
    name: 'hooks with client',
    code: `export {
      BelfryProvider, useBelfry, useConnectionStatus, useCounts, useNotifications, useQuestions, useRun, useRuns,
    } from '@belfry/react';`,
    goal: 9_000,
    ceiling: 21_756,
  },
  {
    name: '<Inbox/> with styles',
    code: `export { InboxProvider, Inbox } from '@belfry/react';`,
    styles: ['@belfry/react/inbox.css'],
    goal: 18_000,
    ceiling: 30_000,
  },
  {
    name: '… that could show all',
    code: `export { BelfryProvider, Inbox } from '@belfry/react';`,
    styles: ['@belfry/react/styles.css'],
    goal: 18_000,
    ceiling: 36_250,
  },
];
