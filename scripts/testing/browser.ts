import { existsSync } from 'node:fs';
import { chromiumPath } from '@belfry/contract-tests/chromium';
import { show } from '../run/command.ts';

export type Browser = { readonly path: string } | { readonly missing: string };

/** The browser for the browser tests: the one that is here, else Debian's, installed now where that is possible. */
export function findBrowser(): Browser {
  const path = chromiumPath();
  if (path !== undefined) return { path };
  const named = process.env.BELFRY_CHROMIUM;
  if (named) return { missing: `BELFRY_CHROMIUM names ${named}, which is no program here` };
  if (!existsSync('/etc/debian_version')) return { missing: 'no chromium on the PATH; set BELFRY_CHROMIUM to one' };
  if (process.getuid?.() !== 0)
    return { missing: 'no chromium on the PATH; `sudo apt-get install chromium` brings it' };
  return install();
}

function install(): Browser {
  console.log('The browser tests need chromium: installing it with apt-get.');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const failed =
    show('apt-get', ['update', '-qq'], env) ||
    show('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], env);
  const path = chromiumPath();
  return failed === 0 && path !== undefined ? { path } : { missing: '`apt-get install chromium` failed, see above' };
}
