import { ar } from '@belfry/react/locales/ar';
import { de } from '@belfry/react/locales/de';
import { describe, expect, test } from 'vitest';
import { inboxWords } from '../src/localization/english/inbox.ts';
import { fill, type Phrase } from '../src/localization/plural.ts';

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
const general = (phrase: Phrase) => (typeof phrase === 'string' ? phrase : phrase.other);

describe.each([
  ['German', de],
  ['Arabic', ar],
])('%s', (_, locale) => {
  test.each(Object.entries(inboxWords))('says %s, and what English fills in', (key, english) => {
    const phrase = locale[key as keyof typeof inboxWords];
    expect(general(phrase)).toBeTruthy();
    expect(places(general(phrase))).toEqual(places(general(english)));
  });

  test('has a form for every number', () => {
    const { pluralCategories } = new Intl.PluralRules(locale.locale).resolvedOptions();
    for (const form of pluralCategories) expect(locale.news, form).toHaveProperty(form === 'zero' ? 'other' : form);
  });
});

test('a number chooses the form and is written as the language does', () => {
  expect(fill(inboxWords['bell.label'], { count: 0 }, 'en')).toBe('Notifications');
  expect(fill(inboxWords['bell.label'], { count: 1_000 }, 'en')).toBe('Notifications, 1,000 unread');
  expect(fill(de['bell.label'], { count: 1_000 }, 'de')).toBe('Mitteilungen, 1.000 ungelesen');
  expect(fill(ar['bell.label'], { count: 2 }, 'ar')).toBe('الإشعارات، اثنان غير مقروءين');
});

test('what is filled in is never read as a place itself', () => {
  expect(fill('{title}', { title: '{count}', count: 3 }, 'en')).toBe('{count}');
});
