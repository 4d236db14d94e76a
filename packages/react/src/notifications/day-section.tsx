import { type ReactNode, useContext, useId } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { LocalizationContext } from '../localization/context.ts';
import { Heading } from '../root/heading.tsx';
import { useToday } from '../time/clock.ts';
import { dayName } from '../time/wording.ts';
import { dayKey } from './rows.ts';
import { Spacer } from './spacer.tsx';

interface DaySectionProps {
  day: number;
  /** Height of its items that are not on the page, above those that are. */
  skipped: number;
  children: ReactNode;
}

/** One day of the list, with its name above. */
export function DaySection({ day, skipped, children }: DaySectionProps): ReactNode {
  const id = useId();
  const classes = useClasses();
  const today = useToday();
  const { locale = 'en' } = useContext(LocalizationContext);
  return (
    <section className={classes('day')} aria-labelledby={id}>
      <Heading level={2} id={id} className={classes('dayHeading')} data-row={dayKey(day)}>
        {dayName(day, today, locale)}
      </Heading>
      <Spacer height={skipped} />
      {/* Safari takes the role from lists without bullets. */}
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <ul role="list" aria-labelledby={id}>
        {children}
      </ul>
    </section>
  );
}
