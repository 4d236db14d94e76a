import { type ReactNode, useContext } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { LocalizationContext } from '../localization/context.ts';
import { dayOf, useNow } from './clock.ts';
import { fullTime, timeOf } from './wording.ts';

/** When it was, in a word or two that stay true. */
export function Time({ iso }: { iso: string }): ReactNode {
  const now = useNow();
  const classes = useClasses();
  const { locale = 'en' } = useContext(LocalizationContext);
  return (
    <time className={classes('time')} dateTime={iso} title={fullTime(iso, locale)}>
      {timeOf(iso, now, dayOf(now), locale)}
    </time>
  );
}
