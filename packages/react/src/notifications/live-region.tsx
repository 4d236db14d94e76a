import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { useLiveNews } from '../hooks/use-live-news.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import type { InboxClient } from '../provider/context.ts';
import { useInboxClient } from '../provider/use-inbox-client.ts';

/** News is gathered for this long, so that ten notifications are one sentence. */
const GATHER_MS = 1_500;

/** The regions of each client. Only the first speaks: a bell and a list on one page would say everything twice. */
const regions = new WeakMap<InboxClient, Set<object>>();

/** Tells screen readers of what comes live, in their pauses. */
export function LiveRegion(): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  const titles = useRef<string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [said, setSaid] = useState({ text: '', times: 0 });

  const speaks = useTurn();
  useLiveNews(({ title }) => {
    if (!speaks()) return;
    titles.current.push(title);
    if (titles.current.length > 1) return;
    timer.current = setTimeout(() => {
      const [first = '', ...others] = titles.current;
      titles.current = [];
      const text = say('news', { count: others.length + 1, title: first });
      setSaid(({ times }) => ({ text, times: times + 1 }));
    }, GATHER_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <div role="status" className={classes('hidden')}>
      {/* An element of its own each time: what stays the same on the page is not told again. */}
      <span key={said.times}>{said.text}</span>
    </div>
  );
}

/** Whether this is the one that speaks, as long as it stands on the page. */
function useTurn(): () => boolean {
  const client = useInboxClient();
  const region = useRef({}).current;
  useEffect(() => {
    const all = regions.get(client) ?? new Set();
    regions.set(client, all.add(region));
    return () => {
      all.delete(region);
    };
  }, [client, region]);
  return () => regions.get(client)?.values().next().value === region;
}
