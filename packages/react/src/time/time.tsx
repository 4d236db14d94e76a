import { type ReactNode, useContext } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { LocalizationContext } from '../localization/context.ts';
import { useInboxClient } from '../provider/use-inbox-client.ts';
import { dayOf, useNow } from './clock.ts';
import { fullTime, timeOf } from './wording.ts';

/** When it was, in a word or two that stay true. */
export function Time({ iso }: { iso: string }): ReactNode {
  // By the server's clock, which nobody sets here. Where there is no page, it is no time.
  const { host } = useInboxClient();
  const ticked = useNow();
  const now = ticked && (host.serverNow() ?? ticked);
  const classes = useClasses();
  const { locale = 'en' } = useContext(LocalizationContext);
  return (
    <time className={classes('time')} dateTime={iso} title={fullTime(iso, locale)}>
      {timeOf(iso, now, dayOf(now), locale)}
    </time>
  );
}
