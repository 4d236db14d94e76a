/** A sentence in each of the forms that a language has for numbers. `zero` is said of 0 in every language that gives it. */
export type Plural = { other: string } & { [Form in Intl.LDMLPluralRule]?: string };

/** Text with places like `{count}` for what is known when it is said. */
export type Phrase = string | Plural;

export type Values = Readonly<Record<string, string | number>>;

/** The phrase in its right form, filled in. `count` chooses the form; numbers are written as the locale does. */
export function fill(phrase: Phrase, values: Values, locale: string): string {
  const text = typeof phrase === 'string' ? phrase : formOf(phrase, Number(values.count), locale);
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value;
  });
}

function formOf(phrase: Plural, count: number, locale: string): string {
  if (count === 0 && phrase.zero !== undefined) return phrase.zero;
  return phrase[new Intl.PluralRules(locale).select(count)] ?? phrase.other;
}
