// @vitest-environment happy-dom
import { BelfryProvider, useCounts, useQuestions, useRun, useRuns } from '@belfry/react';
import { StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { render, until } from './support/render.tsx';
import { type ScriptedBelfry, sample, scriptedBelfry } from './support/scripted-belfry.ts';

let belfry: ScriptedBelfry;
let seen: {
  counts: ReturnType<typeof useCounts>;
  questions: ReturnType<typeof useQuestions>;
  runs: ReturnType<typeof useRuns>;
};

function Probe() {
  seen = { counts: useCounts(), questions: useQuestions(), runs: useRuns() };
  return null;
}

function RunProbe() {
  return useRun('r1').status;
}

describe('the other hooks', () => {
  beforeEach(() => {
    belfry = scriptedBelfry();
  });
  afterEach(() => belfry.client.stop());

  test('say that they are loading, and then what there is', async () => {
    await render(
      <BelfryProvider client={belfry.client}>
        <Probe />
      </BelfryProvider>,
    );
    expect(seen.questions.isLoading && seen.runs.isLoading).toBe(true);
    belfry.connect([sample()]);
    await until(() => !seen.questions.isLoading && !seen.runs.isLoading);
    await until(() => seen.counts.unread === 1);
    expect(seen.counts).toEqual({ unread: 1, unseen: 0, openQuestions: 0, activeRuns: 0 });
    expect(seen.questions.questions).toEqual([]);
    expect(seen.runs.runs).toEqual([]);
  });

  test('a run is followed over one connection, also in StrictMode and by several components', async () => {
    await render(
      <StrictMode>
        <BelfryProvider client={belfry.client}>
          <RunProbe />
          <RunProbe />
        </BelfryProvider>
      </StrictMode>,
    );
    const followed = () => belfry.requests.filter((request) => request.startsWith('GET /v1/runs/r1/stream'));
    await until(() => followed().length > 0);
    expect(followed()).toHaveLength(1);
  });
});
