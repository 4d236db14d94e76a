import { memo, type ReactNode } from 'react';
import { safeUrl } from '../links/safe-url.ts';
import { type Block, blocksOf } from './blocks.ts';
import { type Inline, inlineOf } from './inline.ts';

/**
 * A small part of Markdown as React elements: text stays text, so nothing that a sender writes becomes markup of theirs.
 * Each paragraph runs the way its own text does, and code from left to right.
 */
export const Markdown = memo(function Markdown({ text, className }: { text: string; className: string }): ReactNode {
  return <div className={className}>{blocksOf(text).map(blockNode)}</div>;
});

function blockNode(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case 'code':
      return (
        <pre key={key} dir="ltr">
          <code>{block.text}</code>
        </pre>
      );
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return <List key={key}>{block.items.map(itemNode)}</List>;
    }
    default: {
      const Paragraph = block.kind === 'quote' ? 'blockquote' : 'p';
      const text = inlineNodes(block.text);
      // A heading of a sender's text has no place among the headings of the page.
      return (
        <Paragraph key={key} dir="auto">
          {block.kind === 'heading' ? <strong>{text}</strong> : text}
        </Paragraph>
      );
    }
  }
}

function itemNode(item: string, key: number): ReactNode {
  return (
    <li key={key} dir="auto">
      {inlineNodes(item)}
    </li>
  );
}

function inlineNodes(text: string): ReactNode[] {
  return inlineOf(text).map(inlineNode);
}

function inlineNode(inline: Inline, key: number): ReactNode {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'code':
      return (
        <code key={key} dir="ltr">
          {inline.text}
        </code>
      );
    case 'strong':
      return <strong key={key}>{inline.inner.map(inlineNode)}</strong>;
    case 'em':
      return <em key={key}>{inline.inner.map(inlineNode)}</em>;
    default:
      return <Link key={key} url={inline.url} inner={inline.inner} />;
  }
}

function Link({ url, inner }: { url: string; inner: readonly Inline[] }): ReactNode {
  const safe = safeUrl(url);
  if (safe === undefined) return inner.map(inlineNode);
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer">
      {inner.map(inlineNode)}
    </a>
  );
}
