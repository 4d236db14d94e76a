import type { ReactNode } from 'react';
import type { Appearance } from '../appearance/appearance.ts';
import { AppearanceContext } from '../appearance/context.ts';
import { LocalizationContext } from '../localization/context.ts';
import type { Localization } from '../localization/localization.ts';
import { ClientContext, type InboxClient } from './context.ts';

export interface ProvidedProps {
  children?: ReactNode;
  /** How every component below looks, unless it has an `appearance` of its own. */
  appearance?: Appearance | undefined;
  /** The language of every component below. English without it; see `@belfry/react/locales/…`. */
  localization?: Partial<Localization> | undefined;
}

export function Provided({ children, appearance, localization, client }: ProvidedProps & { client: InboxClient }) {
  return (
    <ClientContext.Provider value={client}>
      <LocalizationContext.Provider value={localization ?? NOTHING}>
        <AppearanceContext.Provider value={appearance ?? NOTHING}>{children}</AppearanceContext.Provider>
      </LocalizationContext.Provider>
    </ClientContext.Provider>
  );
}

const NOTHING = {};
