export function shown(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A number, with whatever stands behind it; or that there is none. */
const FIGURE = /^(?:-?[\d.,]+(?: .*)?|–|)$/;

/** In columns, as the formatter would write it. Figures stand to the right, words to the left. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const columns = head.map((name, column) => {
    const cells = rows.map((cells) => cells[column] ?? '');
    const width = Math.max(3, name.length, ...cells.map(({ length }) => length));
    return { width, isFigures: column > 0 && cells.every((cell) => FIGURE.test(cell)) };
  });
  const line = (cells: readonly string[]) =>
    `| ${columns.map((column, at) => aligned(cells[at] ?? '', column)).join(' | ')} |`;
  const rule = columns.map(({ width, isFigures }) => (isFigures ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), line(rule), ...rows.map(line)];
}

function aligned(text: string, { width, isFigures }: { width: number; isFigures: boolean }): string {
  return isFigures ? text.padStart(width) : text.padEnd(width);
}
