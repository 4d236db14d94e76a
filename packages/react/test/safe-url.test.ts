import { expect, test } from 'vitest';
import { safeUrl } from '../src/links/safe-url.ts';

test.each(['/stories/7', '/', '/a?b=//c', 'https://acme.example/x?y#z', 'HTTP://acme.example'])(
  '%s is a link',
  (url) => {
    expect(safeUrl(url)).toBe(url);
  },
);

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '\\\\evil.example',
  'stories/7',
  'vbscript:x',
  'https://a\nb',
  '',
  null,
  undefined,
])('%j is none', (url) => {
  expect(safeUrl(url)).toBeUndefined();
});
