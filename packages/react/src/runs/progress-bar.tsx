import type { Run } from '@belfry/protocol';
import { type ReactNode, useRef } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { runWords } from '../localization/english/runs.ts';
import { useWords } from '../localization/use-words.ts';
import { useBeforePaint } from '../root/use-before-paint.ts';

/** Filled as far as the run has come; moving where nobody knows how far that is. */
export function ProgressBar({ run: { progress, status, title } }: { run: Run }): ReactNode {
  const classes = useClasses();
  const { say, locale } = useWords(runWords);
  const fill = useRef<HTMLDivElement>(null);
  const percent = progress === null ? null : Math.floor(progress * 100);
  // By script: a `style` attribute would be refused by a strict content security policy.
  useBeforePaint(() => {
    if (percent === null) fill.current?.style.removeProperty('inline-size');
    else fill.current?.style.setProperty('inline-size', `${percent}%`);
  }, [percent]);
  const known = percent === null ? {} : { 'aria-valuenow': percent, 'aria-valuetext': written(percent, locale) };
  return (
    <div className={classes('runBar')} data-unknown={percent === null} data-still={status !== 'running'}>
      <div
        className="belfry-run-track"
        role="progressbar"
        aria-label={say('run.progress', { title })}
        aria-valuemin={0}
        aria-valuemax={100}
        {...known}
      >
        <div ref={fill} className="belfry-run-fill" />
      </div>
      {percent !== null && <span aria-hidden="true">{written(percent, locale)}</span>}
    </div>
  );
}

function written(percent: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(percent / 100);
}
