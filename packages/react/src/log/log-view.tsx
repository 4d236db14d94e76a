import { type ReactNode, useRef } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import type { UseRun } from '../hooks/use-run.ts';
import { runWords } from '../localization/english/runs.ts';
import { useWords } from '../localization/use-words.ts';
import { CopyButton } from './copy-button.tsx';
import { placesOf, spanning } from './line-range.ts';
import { Lines } from './lines.tsx';
import { LogState } from './log-state.tsx';
import { usePlace } from './use-place.ts';
import { useSelectedLines } from './use-selected-lines.ts';

export function LogView(feed: UseRun): ReactNode {
  const classes = useClasses();
  const { say } = useWords(runWords);
  const { lines, run } = feed;
  const scroller = useRef<HTMLDivElement>(null);
  const space = useRef<HTMLDivElement>(null);
  const selected = useSelectedLines(scroller);
  const { range, missed, follow } = usePlace(scroller, space, lines);
  const shown = spanning(range, selected && placesOf(selected, lines));
  return (
    <div className={classes('log')} data-empty={lines.length === 0}>
      <div className={classes('logBar')}>
        {lines.length > 0 && <span>{say('log.lines', { count: lines.length })}</span>}
        <LogState {...feed} />
        {lines.length > 0 && <CopyButton lines={lines} selected={selected !== null} />}
      </div>
      {/* A log that spoke each line would never be silent; what happens to its run is told by the run. */}
      <div
        ref={scroller}
        className={classes('logLines')}
        role="log"
        aria-live="off"
        aria-label={run === null ? say('log.label') : say('log.of', { title: run.title })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        tabIndex={0}
        dir="ltr"
      >
        <Earlier {...feed} />
        <Lines space={space} lines={lines} shown={shown} />
      </div>
      {missed !== null && (
        <button type="button" className={classes('button', 'logFollow')} data-primary-action onClick={follow}>
          {say('log.new', { count: missed })}
        </button>
      )}
    </div>
  );
}

function Earlier({ hasEarlier, loadingEarlier, loadEarlier }: UseRun): ReactNode {
  const classes = useClasses();
  const { say } = useWords(runWords);
  if (!hasEarlier) return null;
  return (
    <button
      type="button"
      className={classes('button', 'logButton')}
      // A log runs from left to right, whatever the page does.
      dir="auto"
      aria-disabled={loadingEarlier}
      onClick={() => loadingEarlier || void loadEarlier()}
    >
      {say(loadingEarlier ? 'log.loadingEarlier' : 'log.earlier')}
    </button>
  );
}
