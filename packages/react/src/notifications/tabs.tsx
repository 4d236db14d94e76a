import type { ListFilters } from '@belfry/client';
import { type KeyboardEvent, type ReactNode, useContext } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { capped } from '../bell/capped.ts';
import { useNotifications } from '../hooks/use-notifications.ts';
import { LocalizationContext } from '../localization/context.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';

/** A part of the inbox under a name of its own. */
export interface Tab {
  label: string;
  /** What is in it; everything without it. */
  filter?: Omit<ListFilters, 'filter'>;
}

interface TabsProps {
  tabs: readonly Tab[];
  current: number;
  choose: (index: number) => void;
  /** Of the element that shows what the tab has. */
  panelId: string;
}

export function Tabs({ tabs, current, choose, panelId }: TabsProps): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  const { direction } = useContext(LocalizationContext);
  const walk = (event: KeyboardEvent<HTMLElement>): void => {
    const forward = direction === 'rtl' ? -1 : 1;
    const steps: Record<string, number> = {
      ArrowRight: current + forward,
      ArrowLeft: current - forward,
      Home: 0,
      End: -1,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (step + tabs.length) % tabs.length;
    choose(next);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <div role="tablist" className={classes('tabs')} aria-label={say('tabs.label')} onKeyDown={walk}>
      {tabs.map((tab, index) => (
        <button
          key={tab.label}
          type="button"
          role="tab"
          className={classes('tab')}
          aria-selected={index === current}
          aria-controls={panelId}
          tabIndex={index === current ? 0 : -1}
          onClick={() => choose(index)}
        >
          {tab.label}
          <TabCount filter={tab.filter} />
        </button>
      ))}
    </div>
  );
}

function TabCount({ filter }: { filter: Tab['filter'] }): ReactNode {
  const classes = useClasses();
  const { locale } = useWords(inboxWords);
  const { unread } = useNotifications(filter);
  if (unread === 0) return null;
  return <span className={classes('tabCount')}>{capped(unread, locale)}</span>;
}
