import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach } from 'vitest';

/** React's `act`, which wants to be told that it is meant; what happens outside of it is as free as in a page. */
export async function settled(work: () => unknown): Promise<void> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  await act(async () => {
    await work();
  });
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
}

const mounted = new Set<Root>();

afterEach(async () => {
  for (const root of mounted) await settled(() => root.unmount());
  mounted.clear();
  document.body.replaceChildren();
});

export interface Rendered {
  element: HTMLElement;
  rerender: (node: ReactNode) => Promise<void>;
  unmount: () => Promise<void>;
}

/** Into a page of its own, with every effect done. Unmounted after the test. */
export async function render(node: ReactNode): Promise<Rendered> {
  const element = document.body.appendChild(document.createElement('div'));
  const root = createRoot(element);
  mounted.add(root);
  const rerender = (next: ReactNode) => settled(() => root.render(next));
  await rerender(node);
  return { element, rerender, unmount: () => settled(() => root.unmount()) };
}

/** Lets happen what is under way until this holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`It never came to hold: ${holds}`);
}
