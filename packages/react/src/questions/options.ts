import type { QuestionField } from '@belfry/client';
import { optionsOf } from '@belfry/protocol';

export interface Option {
  value: string;
  title: string;
}

/** The options of a field with the words to show for them; null where it has none. */
export function titledOptions(field: QuestionField): Option[] | null {
  const titles = titlesOf(field);
  return optionsOf(field)?.map((value, at) => ({ value, title: titles[at] ?? value })) ?? null;
}

function titlesOf(field: QuestionField): readonly string[] {
  if (field.type === 'array') return (field.items.anyOf ?? []).map(({ title }) => title);
  if (!('oneOf' in field || 'enumNames' in field)) return [];
  return field.oneOf?.map(({ title }) => title) ?? field.enumNames ?? [];
}
