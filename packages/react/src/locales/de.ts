import type { Localization } from '../localization/localization.ts';

export const de: Localization = {
  locale: 'de',
  direction: 'ltr',
  'bell.label': { zero: 'Mitteilungen', other: 'Mitteilungen, {count} ungelesen' },
};
