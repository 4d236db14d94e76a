import { BelfryError, quote } from '@belfry/protocol';

/**
 * Belfry's address as requests begin with it, without a slash at its end. What can never work is refused here, when a
 * client is made: a request to it would fail again and again, and say less.
 *
 * @throws BelfryError `invalid`, which names `url`.
 */
export function checkedAddress(url: string | null | undefined): string {
  if (url === undefined || url === null) throw urlMissing();
  const given = url.replace(/\/+$/, '');
  if (!isPath(url)) checkWebAddress(given);
  if (/[?#]/.test(given)) throw refused('url has a ? or a #. Give it without.');
  if (/\/v1$/.test(given)) throw refused('Give url without /v1: the client adds it.');
  return given;
}

/** On the page's own host; empty is its root. Two slashes would name another one. */
function isPath(url: string): boolean {
  return url === '' || /^\/(?![/\\])/.test(url);
}

function checkWebAddress(url: string): void {
  if (/^https?:\/\/[^/]/i.test(url)) {
    const parsed = parse(url);
    // Not repeated in the message: there is a password in it.
    if (parsed?.username || parsed?.password) throw refused('url holds a user or a password. Give it without.');
    if (parsed !== null) return;
  }
  throw refused(
    `url must start with http:// or https://, or be a path on the page's host; it is ${quote(url)}.${guess(url)}`,
  );
}

/** A host without its scheme is what is mostly meant. */
function guess(url: string): string {
  const meant = `http://${url}`;
  return /^[\w.-]+(:\d+)?(\/|$)/.test(url) && parse(meant) !== null ? ` Did you mean ${meant}?` : '';
}

function parse(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

export function urlMissing(): BelfryError {
  return refused("url is missing. Give Belfry's address, such as https://belfry.example.");
}

function refused(message: string): BelfryError {
  return new BelfryError('invalid', message, { field: 'url' });
}
