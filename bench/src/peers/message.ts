import type { Item } from './peer.ts';

/** What is published beside its title: a usual notification, the same to every peer. */
export const BODY = {
  type: 'comment.created',
  body: 'The second paragraph could say who is meant to read it.',
  actionUrl: '/stories/1842',
};
const REST = JSON.stringify(BODY).slice(1);

export function messageJson(
  to: string | readonly string[],
  { title, padding = 0 }: Pick<Item, 'title' | 'padding'>,
): string {
  const data = padding === 0 ? '' : `"data":{"padding":"${'x'.repeat(padding)}"},`;
  return `{"to":${JSON.stringify(to)},"title":"${title}",${data}${REST}`;
}
