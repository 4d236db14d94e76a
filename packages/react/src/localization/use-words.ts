import { useContext, useMemo } from 'react';
import { LocalizationContext } from './context.ts';
import type { Language, Phrases } from './localization.ts';
import { fill, type Phrase, type Values } from './plural.ts';

export interface Speech<Words> extends Language {
  say: (key: keyof Words & string, values?: Values) => string;
}

/** Speaks the language of the nearest localization. `english` has a component family's own words; what is lacking there is said in them. */
export function useWords<Words extends Phrases<Words>>(english: Words): Speech<Words> {
  const given = useContext(LocalizationContext);
  return useMemo(() => {
    const words = { ...english, ...given } as Record<string, Phrase>;
    const { locale = 'en', direction = 'ltr' } = given;
    return { locale, direction, say: (key, values = {}) => fill(words[key] ?? key, values, locale) };
  }, [english, given]);
}
