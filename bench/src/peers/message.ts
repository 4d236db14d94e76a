import type { Item } from './peer.ts';

/** What is published: a usual notification, the same to every peer. */
export function messageJson(to: string, { title }: Item): string {
  return (
    `{"to":"${to}","type":"comment.created","title":"${title}",` +
    '"body":"The second paragraph could say who is meant to read it.","actionUrl":"/stories/1842"}'
  );
}
