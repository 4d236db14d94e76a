import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { useNotifications } from '../hooks/use-notifications.ts';
import type { ItemOptions } from '../item/options.ts';
import { useInboxClient } from '../provider/use-inbox-client.ts';
import { useKeepFocus } from '../root/use-keep-focus.ts';
import { Banner } from './banner.tsx';
import { Header } from './header.tsx';
import { List } from './list.tsx';
import { LiveRegion } from './live-region.tsx';
import { Empty, Failure, type Shown, Skeleton } from './states.tsx';
import { type Tab, Tabs } from './tabs.tsx';
import { useActs, useReadAll } from './use-acts.ts';
import { useUndo } from './use-undo.tsx';

export interface PanelOptions extends ItemOptions {
  /** Parts of the inbox side by side: `[{ label: 'All' }, { label: 'Builds', filter: { types: ['build.*'] } }]`. */
  tabs?: readonly Tab[] | undefined;
}

interface PanelProps extends PanelOptions {
  /** Where it stands in something that can be closed. */
  close?: (() => void) | undefined;
  hasCloseButton?: boolean;
}

/** Everything between the edges of the popover, the sheet, or whatever it stands in. */
export function Panel({ tabs = [], close, hasCloseButton, ...given }: PanelProps): ReactNode {
  const classes = useClasses();
  const element = useRef<HTMLDivElement>(null);
  const keepFocus = useKeepFocus(element);
  const options = useItemOptions(given);
  const panelId = useId();
  const [tab, setTab] = useState(0);
  const [shown, setShown] = useState<Shown>('all');
  const list = useNotifications({ ...tabs[tab]?.filter, filter: shown });
  const { tell, bar } = useUndo();
  const readAll = useReadAll(list, tell);
  const acts = useActs(tell, close ?? nothing);
  const canRead = list.unread > 0 && !list.readOnly && shown !== 'archived';
  const body = <PanelBody key={`${tab} ${shown}`} {...{ list, shown, options, acts }} />;
  return (
    <div ref={element} className={classes('notifications')} tabIndex={-1} {...keepFocus}>
      <Header
        shown={shown}
        show={setShown}
        readAll={canRead ? readAll : undefined}
        close={hasCloseButton ? close : undefined}
      />
      {tabs.length > 0 && <Tabs tabs={tabs} current={tab} choose={setTab} panelId={panelId} />}
      <Banner />
      {tabs.length > 0 ? (
        <div role="tabpanel" id={panelId} className="belfry-panel" aria-label={tabs[tab]?.label}>
          {body}
        </div>
      ) : (
        body
      )}
      {bar}
      <LiveRegion />
    </div>
  );
}

type PanelBodyProps = Parameters<typeof List>[0] & { shown: Shown };

function PanelBody({ list, shown, options, acts }: PanelBodyProps): ReactNode {
  const belfry = useInboxClient();
  const { notifications, isLoading, error } = list;
  if (notifications.length > 0) return <List list={list} options={options} acts={acts} />;
  if (isLoading && error === null) return <Skeleton />;
  if (error === null) return <Empty shown={shown} />;
  const retry = (): void => {
    belfry.start();
    void list.refetch();
  };
  return <Failure retry={retry} />;
}

/** The same object while its parts are the same, so that items are not rendered anew. */
function useItemOptions(given: ItemOptions): ItemOptions {
  const { renderNotification, onNotificationClick, onActionClick, routerPush } = given;
  return useMemo(
    () => ({ renderNotification, onNotificationClick, onActionClick, routerPush }),
    [renderNotification, onNotificationClick, onActionClick, routerPush],
  );
}

function nothing(): void {}
