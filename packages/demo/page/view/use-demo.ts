import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Demo } from '../demo.ts';
import type { Signal } from '../signal.ts';

export const DemoContext = createContext<Demo | null>(null);

/** The demo as it is now: renders again whenever anything in it has changed, and as time passes. */
export function useDemo(): Demo {
  const demo = useStillDemo();
  useSignal(demo.changes);
  return demo;
}

/** The demo for what does not show how it changes. */
export function useStillDemo(): Demo {
  const demo = useContext(DemoContext);
  if (demo === null) throw new Error('This stands outside of <App/>.');
  return demo;
}

export function useSignal(signal: Signal): void {
  useSyncExternalStore(signal.watch, signal.version);
}
