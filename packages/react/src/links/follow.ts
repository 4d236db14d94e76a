import type { MouseEvent } from 'react';

/** Whether this click, unless something is done about it, leads to its link in this very tab. */
function staysInTab(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

/** Hands a path of this site to the app's router; other links, and clicks meant for another tab, are the browser's. */
export function followByRouter(event: MouseEvent, url: string | undefined, push?: (path: string) => void): boolean {
  if (event.defaultPrevented || !push || !url?.startsWith('/') || !staysInTab(event)) return false;
  event.preventDefault();
  push(url);
  return true;
}
