import { createBelfry } from '@belfry/client';

const place = (id) => document.getElementById(id);
const { url } = await fetch('/config.json').then((response) => response.json());
const belfry = createBelfry({ url, token: () => fetch('/belfry-token').then((response) => response.text()) });

belfry.inbox.subscribe(() => {
  const { items, unread } = belfry.inbox.getSnapshot();
  place('unread').textContent = `${unread} unread`;
  place('list').replaceChildren(...items.map(rowOf));
});
belfry.onStatus(({ value }) => {
  place('status').textContent = value;
});
belfry.start();

function rowOf({ id, title, readAt }) {
  const button = document.createElement('button');
  button.textContent = readAt === null ? `● ${title}` : title;
  button.addEventListener('click', () => belfry.inbox.read(id));
  const row = document.createElement('li');
  row.append(button);
  return row;
}
