import type { QuestionField } from '@belfry/protocol';

export interface Choice {
  value: string;
  title: string;
}

/** The values a field may have, with the words to show; null for one that is filled in freely. */
export function choicesIn(field: QuestionField): Choice[] | null {
  if (field.type === 'array') return listed(field.items.enum, undefined, field.items.anyOf);
  if (field.type !== 'string' || !('enum' in field || 'oneOf' in field)) return null;
  return listed(field.enum, field.enumNames, field.oneOf);
}

function listed(
  values: readonly string[] | undefined,
  names: readonly string[] | undefined,
  titled: readonly { const: string; title: string }[] = [],
): Choice[] {
  if (values === undefined) return titled.map((option) => ({ value: option.const, title: option.title }));
  return values.map((value, index) => ({ value, title: names?.[index] ?? value }));
}
