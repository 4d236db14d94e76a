/** What stands inside of a paragraph. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong'; inner: Inline[] }
  | { kind: 'em'; inner: Inline[] }
  | { kind: 'link'; inner: Inline[]; url: string };

// No part can be matched in two ways, so the time is linear in the text, whatever a sender writes.
const MARK =
  /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|(?<!\w)_([^_\s][^_]*)_(?!\w)|\[([^[\]]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>()*`]*[\w/])/g;

export function inlineOf(text: string): Inline[] {
  const found: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(MARK)) {
    if (match.index > at) found.push({ kind: 'text', text: text.slice(at, match.index) });
    found.push(markOf(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: 'text', text: text.slice(at) });
  return found;
}

function markOf([, code, strong, em, otherEm, label, url, address]: RegExpMatchArray): Inline {
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', inner: inlineOf(strong) };
  if (label !== undefined) return { kind: 'link', inner: inlineOf(label), url: url! };
  if (address !== undefined) return { kind: 'link', inner: [{ kind: 'text', text: address }], url: address };
  return { kind: 'em', inner: inlineOf((em ?? otherEm)!) };
}
