import type { ReactNode } from 'react';
import { Icon } from '../appearance/icon.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import { useConnectionStatus } from '../hooks/use-connection-status.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import { lastLiveAt } from '../provider/last-live.ts';
import { useInboxClient } from '../provider/use-inbox-client.ts';
import { clockTime } from '../time/wording.ts';

/** Says when what is shown may be old. */
export function Banner(): ReactNode {
  const belfry = useInboxClient();
  const { value } = useConnectionStatus();
  const classes = useClasses();
  const { say, locale } = useWords(inboxWords);
  const since = lastLiveAt(belfry);
  const isOffline = value === 'offline';
  // It is there before it says something, or else it is not read out.
  return (
    <div role="status" className={classes('banner')} data-status={value}>
      {isOffline && <Icon name="offline" />}
      {isOffline && (
        <span>
          {since === undefined ? say('banner.offlineEmpty') : say('banner.offline', { time: clockTime(since, locale) })}
        </span>
      )}
      {value === 'reconnecting' && <span aria-hidden="true">{say('banner.reconnecting')}</span>}
    </div>
  );
}
