import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Markdown } from '../src/markdown/markdown.tsx';

const whole = (text: string) => renderToStaticMarkup(<Markdown className="x" text={text} />);
/** What is in it, whichever way that runs. */
const html = (text: string) =>
  whole(text)
    .replaceAll(/ dir="\w+"/g, '')
    .slice('<div class="x">'.length, -6);

describe('Markdown', () => {
  test.each([
    ['one\ntwo\n\nthree', '<p>one\ntwo</p><p>three</p>'],
    ['a **b** `c*d*`', '<p>a <strong>b</strong> <code>c*d*</code></p>'],
    ['*a* and _b_, not snake_case_name', '<p><em>a</em> and <em>b</em>, not snake_case_name</p>'],
    ['- a\n- b\n\ntext', '<ul><li>a</li><li>b</li></ul><p>text</p>'],
    ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
    ['## Title\ntext', '<p><strong>Title</strong></p><p>text</p>'],
    ['> a\n> b', '<blockquote>a\nb</blockquote>'],
    ['```ts\nlet **a**\n```', '<pre><code>let **a**</code></pre>'],
  ])('%j', (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  test('each paragraph runs the way its own text does, and code from left to right', () => {
    const text = 'a `b`\n\n- c\n\n> d\n\n```\ne\n```\n\n# f';
    expect(whole(text).match(/<(p|code|li|blockquote|pre)[^>]*>/g)).toEqual([
      '<p dir="auto">',
      '<code dir="ltr">',
      '<li dir="auto">',
      '<blockquote dir="auto">',
      '<pre dir="ltr">',
      '<code>',
      '<p dir="auto">',
    ]);
  });

  test('a link leads to web addresses only', () => {
    expect(html('[a](https://example.org/)')).toContain('href="https://example.org/"');
    for (const url of ['javascript:alert`1`', 'data:text/html,x', '//evil.example', 'JaVaScRiPt:x']) {
      expect(html(`[a](${url})`)).toBe('<p>a</p>');
    }
  });

  test('markup of the sender stays text', () => {
    expect(html('<img src=x onerror=alert(1)>')).toBe('<p>&lt;img src=x onerror=alert(1)&gt;</p>');
  });
});
