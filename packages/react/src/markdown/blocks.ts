/** What a text is made of, from top to bottom. */
export type Block =
  | { kind: 'paragraph' | 'heading' | 'quote'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'list'; ordered: boolean; items: string[] };

const FENCE = /^\s*```/;
const ITEM = /^\s{0,3}(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*)$/;
const QUOTE = /^>\s?(.*)$/;

/** Paragraphs, headings, lists of one level, quotes and fenced code; anything else is a paragraph. */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.split(/\r?\n/);
  const blocks: Block[] = [];
  /** A blank line parts what would run on. */
  let open = false;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (FENCE.test(line)) {
      const end = lines.findIndex((other, n) => n > at && FENCE.test(other));
      blocks.push({ kind: 'code', text: lines.slice(at + 1, end === -1 ? undefined : end).join('\n') });
      at = end === -1 ? lines.length : end;
      open = false;
    } else if (line.trim() === '') {
      open = false;
    } else {
      add(blocks, line, open);
      open = !HEADING.test(line);
    }
  }
  return blocks;
}

function add(blocks: Block[], line: string, open: boolean): void {
  const last = open ? blocks.at(-1) : undefined;
  const [, number, item] = ITEM.exec(line) ?? [];
  if (item !== undefined) {
    const ordered = number !== undefined;
    const list = blocks.at(-1);
    if (list?.kind === 'list' && list.ordered === ordered) list.items.push(item);
    else blocks.push({ kind: 'list', ordered, items: [item] });
    return;
  }
  const [kind, text] = plain(line);
  if (last?.kind === 'list' && kind === 'paragraph') last.items.push(`${last.items.pop()} ${text}`);
  else if (last?.kind === kind && kind !== 'heading') (last as { text: string }).text += `\n${text}`;
  else blocks.push({ kind, text });
}

function plain(line: string): ['paragraph' | 'heading' | 'quote', string] {
  const heading = HEADING.exec(line)?.[1];
  if (heading !== undefined) return ['heading', heading];
  const quote = QUOTE.exec(line)?.[1];
  return quote === undefined ? ['paragraph', line.trim()] : ['quote', quote];
}
