import { type ReactNode, useContext, useMemo, useRef } from 'react';
import type { Appearance } from '../appearance/appearance.ts';
import { AppearanceContext } from '../appearance/context.ts';
import { useClasses } from '../appearance/use-classes.ts';
import { useVariables } from '../appearance/use-variables.ts';
import { LocalizationContext } from '../localization/context.ts';
import type { Localization } from '../localization/localization.ts';

/** What every component takes. */
export interface RootProps {
  /** Variables, classes, icons: on top of those of the provider. */
  appearance?: Appearance | undefined;
  /** Words and language: on top of those of the provider. */
  localization?: Partial<Localization> | undefined;
}

/** The element that every public component stands in: it brings the variables, the language and the colour scheme. */
export function Root({ appearance, localization, ...rest }: RootProps & RootElementProps): ReactNode {
  return (
    <AppearanceContext.Provider value={useMergedAppearance(appearance)}>
      <LocalizationContext.Provider value={useMergedLocalization(localization)}>
        <RootElement {...rest} />
      </LocalizationContext.Provider>
    </AppearanceContext.Provider>
  );
}

interface RootElementProps {
  children?: ReactNode;
  /** In a line of text or a bar, instead of as a block. */
  inline?: boolean;
}

function RootElement({ children, inline }: RootElementProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  useVariables(element);
  const classes = useClasses();
  const { colorScheme } = useContext(AppearanceContext);
  const { locale = 'en', direction = 'ltr' } = useContext(LocalizationContext);
  return (
    <div
      ref={element}
      className={classes('root')}
      dir={direction}
      lang={locale}
      data-inline={inline}
      data-scheme={colorScheme}
    >
      {children}
    </div>
  );
}

function useMergedAppearance(own: Appearance | undefined): Appearance {
  const given = useContext(AppearanceContext);
  return useMemo(() => {
    if (own === undefined) return given;
    return {
      ...given,
      ...own,
      variables: { ...given.variables, ...own.variables },
      elements: { ...given.elements, ...own.elements },
      icons: { ...given.icons, ...own.icons },
    };
  }, [given, own]);
}

function useMergedLocalization(own: Partial<Localization> | undefined): Partial<Localization> {
  const given = useContext(LocalizationContext);
  return useMemo(() => (own === undefined ? given : { ...given, ...own }), [given, own]);
}
