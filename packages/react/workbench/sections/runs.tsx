import { BelfryError } from '@belfry/client';
import type { Run } from '@belfry/protocol';
import { RunLog, RunProgress } from '@belfry/react';
import type { ReactNode } from 'react';
import { SUBJECT } from '../samples/questions.ts';
import { lines, run } from '../samples/runs.ts';
import { Shelf, State } from '../shelf.tsx';

const ARTIFACTS = [
  { name: 'web-app.tar.gz', url: 'https://example.org/web-app.tar.gz', size: 18_240_311 },
  { name: 'coverage.html', url: 'https://example.org/coverage.html', size: 48_900 },
  { name: 'notes.txt', url: 'https://example.org/notes.txt' },
];

const states: [string, Run][] = [
  ['Queued', run('queued', { title: 'Nightly export', progress: 0 })],
  ['Running', run('running', { progress: 0.42, message: 'Running 214 of 512 tests', subject: SUBJECT })],
  ['Running, nobody knows how far', run('running', { message: 'Waiting for the cluster to answer' })],
  ['Waits for an answer', run('input_required', { progress: 0.8, message: 'Deploy version 4.2 to production?' })],
  ['Succeeded', run('succeeded', { result: { tests: 512, failed: 0, coverage: '91 %' }, artifacts: ARTIFACTS })],
  ['Succeeded with a sentence', run('succeeded', { result: 'Everything is where it was.' })],
  [
    'Failed',
    run('failed', {
      message: 'Three tests failed in src/cart',
      result: { failed: ['a', 'b'], at: { file: 'src/cart/total.ts', line: 31 } },
    }),
  ],
  ['Cancelled', run('cancelled', { progress: 0.3 })],
  ['Interrupted', run('interrupted', { message: 'The worker has not been heard of for 60 seconds.' })],
  [
    'Long texts',
    run('running', {
      progress: 0.07,
      title: 'Rebuild-the-search-index-of-every-tenant-that-was-moved-in-the-last-migration of the year',
      message: 'https://example.org/a/very/long/address/that/nobody/could/break/anywhere/at/all/index.html',
    }),
  ],
];

export function RunShelf(): ReactNode {
  return (
    <Shelf name="Runs">
      {states.map(([name, one]) => (
        <State key={name} name={name}>
          <RunProgress run={one} />
        </State>
      ))}
      <State name="Read-only" contents={{ runs: { readOnly: true } }}>
        <RunProgress run={run('running', { progress: 0.42 })} />
      </State>
      <State name="Loading">
        <RunProgress id="x" />
      </State>
      <State name="Failed to load" contents={{ feeds: { x: { status: 'failed' } } }}>
        <RunProgress id="x" />
      </State>
    </Shelf>
  );
}

export function LogShelf(): ReactNode {
  const running = run('running');
  return (
    <Shelf name="Logs">
      <State name="Follows ten thousand lines" contents={{ feeds: { x: { run: running, lines: lines(10_000) } } }}>
        <RunLog id="x" />
      </State>
      <State
        name="Scrolled up, more has come"
        contents={{ feeds: { x: { run: running, lines: lines(2_000), hasEarlier: true } } }}
        then={(element, fake) => {
          const log = element.querySelector('[role=log]')!;
          setTimeout(() => log.scrollTo({ top: log.scrollTop - 3_000 }), 50);
          setTimeout(() => fake.feed('x').set({ lines: lines(2_128) }), 150);
        }}
      >
        <RunLog id="x" />
      </State>
      <State
        name="Earlier lines on their way"
        contents={{ feeds: { x: { run: running, lines: lines(12, 1_000), hasEarlier: true, loadingEarlier: true } } }}
      >
        <RunLog id="x" />
      </State>
      <State name="No lines yet" contents={{ feeds: { x: { run: running } } }}>
        <RunLog id="x" />
      </State>
      <State
        name="Reconnecting"
        contents={{ feeds: { x: { run: running, lines: lines(8), status: 'reconnecting', live: false } } }}
      >
        <RunLog id="x" />
      </State>
      <State
        name="Failed"
        contents={{
          feeds: { x: { status: 'failed', error: new BelfryError('not_found', 'There is no run with this id.') } },
        }}
      >
        <RunLog id="x" />
      </State>
    </Shelf>
  );
}
