'use client';
import type { Belfry, BelfryOptions } from '@belfry/client';
import type { ReactNode } from 'react';
import type { Appearance } from '../appearance/appearance.ts';
import { AppearanceContext } from '../appearance/context.ts';
import { LocalizationContext } from '../localization/context.ts';
import type { Localization } from '../localization/localization.ts';
import { ClientContext } from './context.ts';
import { useClient } from './use-client.ts';

interface Shared {
  children?: ReactNode;
  /** How every component below looks, unless it has an `appearance` of its own. */
  appearance?: Appearance | undefined;
  /** The language of every component below. English without it; see `@belfry/react/locales/…`. */
  localization?: Partial<Localization> | undefined;
}

/**
 * Either where Belfry is and who is asking, or a client that is made already. A client that you have started yourself is
 * left running; any other is started and stopped here.
 */
export type BelfryProviderProps = Shared &
  ((BelfryOptions & { client?: never }) | ({ client: Belfry } & { [Option in keyof BelfryOptions]?: never }));

/** Connects once for everything below it. Rendered on a server it does nothing. */
export function BelfryProvider(props: BelfryProviderProps): ReactNode {
  const { children, appearance, localization, client: ready, ...options } = props;
  const client = useClient(ready, ready === undefined ? (options as BelfryOptions) : undefined);
  return (
    <ClientContext.Provider value={client}>
      <LocalizationContext.Provider value={localization ?? NOTHING}>
        <AppearanceContext.Provider value={appearance ?? NOTHING}>{children}</AppearanceContext.Provider>
      </LocalizationContext.Provider>
    </ClientContext.Provider>
  );
}

const NOTHING = {};
