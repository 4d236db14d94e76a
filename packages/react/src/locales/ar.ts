import type { Localization } from '../localization/localization.ts';

export const ar: Localization = {
  locale: 'ar',
  direction: 'rtl',
  'bell.label': {
    zero: 'الإشعارات',
    one: 'الإشعارات، واحد غير مقروء',
    two: 'الإشعارات، اثنان غير مقروءين',
    few: 'الإشعارات، {count} غير مقروءة',
    many: 'الإشعارات، {count} غير مقروءًا',
    other: 'الإشعارات، {count} غير مقروء',
  },
};
