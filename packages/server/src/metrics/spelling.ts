export function labelled(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return '';
  const pairs = names.map((name, at) => `${name}="${escaped(values[at] ?? '').replaceAll('"', '\\"')}"`);
  return `{${pairs.join(',')}}`;
}

export function exposedNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

/** As HELP has it, and labels but for their quotes. */
export function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
