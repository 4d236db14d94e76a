import { type ReactNode, useState } from 'react';
import type { Draft } from '../../src/wire.ts';
import type { Demo } from '../demo.ts';
import { BreakPanel } from './break-panel.tsx';
import { ByHandLane } from './by-hand-lane.tsx';
import { CallsPanel } from './calls-panel.tsx';
import { FramesDrawer } from './frames-drawer.tsx';
import { PersonLane } from './person-lane.tsx';
import { RunPanel } from './run-panel.tsx';
import { ScoreStrip } from './score-strip.tsx';
import { Scoreboard } from './scoreboard.tsx';
import { SendPanel } from './send-panel.tsx';
import { ServicePanel } from './service-panel.tsx';
import { StoppedBanner } from './stopped-banner.tsx';
import { Top } from './top.tsx';
import { DemoContext } from './use-demo.ts';

const FIRST_DRAFT: Draft = {
  to: 'ada',
  title: 'The coffee is ready',
  body: 'Second floor, by the window.',
  severity: 'info',
};

export function App({ demo }: { demo: Demo }): ReactNode {
  const [draft, setDraft] = useState(FIRST_DRAFT);
  const [ada] = demo.belfry;
  return (
    <DemoContext value={demo}>
      <Top />
      <StoppedBanner />
      <main className="board">
        <SendPanel draft={draft} onDraft={setDraft} />
        <BreakPanel />
        <Scoreboard />
        <ServicePanel>{ada && <RunPanel lane={ada} />}</ServicePanel>
        {demo.belfry.map((lane) => (
          <PersonLane key={lane.person.user} lane={lane} />
        ))}
        <ByHandLane />
        <CallsPanel draft={draft} />
        <FramesDrawer />
      </main>
      <ScoreStrip />
    </DemoContext>
  );
}
