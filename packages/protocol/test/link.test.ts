import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSafeLink, link, parseWith } from '../src/schemas/index.ts';
import { caught } from './caught.ts';

const APP = 'https://app.example/inbox/';

describe('a link a reader may follow', () => {
  it('is an http(s) address or a path', () => {
    const good = [
      '/',
      '/a',
      '/a/b?c=d#e',
      '/ä',
      '/a//b',
      'https://example.com',
      'http://example.com:8080/a?b#c',
      'HTTPS://EXAMPLE.COM/',
    ];
    for (const url of [...good, 'http://user@host/', 'https://127.0.0.1/', 'https://[::1]/', 'http://localhost:3000']) {
      expect(isSafeLink(url), url).toBe(true);
    }
  });

  it('is no script, no data and no other scheme, however it is dressed up', () => {
    const schemes = [
      'javascript:alert(1)',
      'JavaScript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://a/b',
      'ftp://a/b',
      'ws://a',
      'mailto:a@b',
      'about:blank',
      'view-source:https://a',
    ];
    const dressed = [
      'java\tscript:alert(1)',
      '\tjavascript:alert(1)',
      ' javascript:alert(1)',
      'java\nscript:alert(1)',
      '\0javascript:x',
      '\u0001javascript:x',
      'javascript://example.com/%0aalert(1)',
      'http\n://a',
      ' https://a.example',
      'https://a.example ',
      'https://a\n.example',
    ];
    for (const url of [...schemes, ...dressed]) expect(isSafeLink(url), JSON.stringify(url)).toBe(false);
  });

  it('is no path that browsers take for another host', () => {
    const elsewhere = [
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '\\/evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      '/\r/evil.example',
      '\t//evil.example',
      '/ /evil.example',
      '/a\\b',
    ];
    for (const url of elsewhere) expect(isSafeLink(url), JSON.stringify(url)).toBe(false);
  });

  it('is nothing that is neither', () => {
    for (const url of [
      '',
      'a',
      'a/b',
      './a',
      '../a',
      '?a',
      '#a',
      'example.com',
      'https:',
      'https://',
      'https:/a',
      'https:a',
      'http:///',
      'http://',
      'https://a b',
      'http://[',
      'https://%',
    ]) {
      expect(isSafeLink(url), JSON.stringify(url)).toBe(false);
    }
  });

  it('stays on the app or goes to http(s), as a browser reads it', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '\t',
      '\n',
      '\r',
      '\0',
      ' ',
      '.',
      ':',
      '@',
      '#',
      '?',
      'http',
      'https',
      'javascript',
      'data',
      'evil.example',
      '%',
      'a',
      '\u00a0',
      '\ufeff',
      '\u2028',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.webPath(),
    );
    fc.assert(
      fc.property(text, (url) => {
        if (!isSafeLink(url)) return;
        const read = new URL(url, APP);
        expect(['http:', 'https:']).toContain(read.protocol);
        if (!/^https?:\/\//i.test(url)) expect(read.origin).toBe(new URL(APP).origin);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is refused with its field and the mend', () => {
    expect(caught(() => parseWith(link(), 'javascript:alert(1)', 'actionUrl'))).toMatchObject({
      code: 'invalid',
      field: 'actionUrl',
      message: 'actionUrl must be an http(s) address, or a path that starts with one /.',
    });
    expect(caught(() => parseWith(link(), `/${'a'.repeat(2_000)}`, 'actionUrl')).message).toContain('too long');
  });
});
