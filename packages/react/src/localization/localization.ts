import type { inboxWords } from './english/inbox.ts';
import type { questionWords } from './english/questions.ts';
import type { runWords } from './english/runs.ts';
import type { Phrase } from './plural.ts';

/** A language, for `Intl`, and the way its lines run. */
export interface Language {
  /** As in `de-AT`. */
  locale: string;
  direction: 'ltr' | 'rtl';
}

/** The same keys, with whatever forms of plurals the language has. */
export type Phrases<Words> = { [Key in keyof Words]: Words[Key] extends string ? string : Phrase };

/** Everything the components say. Give a part of it to change a few words, or a whole one from `@belfry/react/locales/…`. */
export interface Localization
  extends Language,
    Phrases<typeof inboxWords>,
    Phrases<typeof questionWords>,
    Phrases<typeof runWords> {}
