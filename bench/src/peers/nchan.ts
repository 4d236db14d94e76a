import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getStream, postJson } from './http.ts';
import { messageJson } from './message.ts';
import { configuration, MODULE, NGINX } from './nchan-configuration.ts';
import type { Item, ServerPeer, Wire } from './peer.ts';

const PACKAGES = ['nginx', 'libnginx-mod-nchan'];

/** The fastest that one can pick: C inside nginx. */
export const nchan: ServerPeer = {
  name: 'nchan',
  about:
    'C inside nginx with one worker; in memory, the last message of a channel only, for 5 s; no authentication, no checks; access log off. Where all get a message, each stream has that one channel and no other; everywhere else each has one of its own',
  version: () => `nginx ${nginxVersion()}, nchan ${packageVersion()}`,
  services: [],
  whyAbsent,
  command: ({ port, folder }) => {
    mkdirSync(join(folder, 'temporary'));
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(port, folder));
    return { command: NGINX, args: ['-p', folder, '-c', file], env: {}, isNode: false };
  },
  wire: wireOf('own'),
  wireToAll: wireOf('all'),
};

function wireOf(audience: 'all' | 'own'): Wire {
  return {
    stream: (user) => getStream(audience === 'all' ? '/all' : `/own?user=${user}`),
    ready: ': hi\n',
    publish: (item) => postJson(`/publish?channel=${channelOf(item)}`, messageJson(String(item.to), item)),
  };
}

function channelOf({ to }: Item): string {
  return to === 'all' ? 'all' : `user-${to}`;
}

let absence: string | null | undefined;

/** Looked for once; on Debian and as root it is installed, as the services of the tests are. */
function whyAbsent(): string | null {
  absence ??= isHere() ? null : install();
  return absence;
}

function isHere(): boolean {
  return existsSync(NGINX) && existsSync(MODULE);
}

function install(): string | null {
  const mend = `\`apt-get install ${PACKAGES.join(' ')}\``;
  if (process.platform !== 'linux' || spawnSync('apt-get', ['--version']).status !== 0) return 'there is no nchan here';
  if (process.getuid?.() !== 0) return `there is no nchan here; ${mend} brings it`;
  process.stderr.write(`bench: installing ${PACKAGES.join(' and ')} with apt-get\n`);
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['update', '-qq'], quiet);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], quiet);
  return isHere() ? null : `there is no nchan here and ${mend} failed`;
}

function nginxVersion(): string {
  const said = spawnSync(NGINX, ['-v'], { encoding: 'utf8' }).stderr;
  return /\d+(\.\d+)+/.exec(said)?.[0] ?? 'of unknown version';
}

function packageVersion(): string {
  try {
    const said = execFileSync('dpkg-query', ['-W', '-f', '$' + '{Version}', 'libnginx-mod-nchan'], {
      encoding: 'utf8',
    });
    return /\d+(\.\d+)+/.exec(said)?.[0] ?? said;
  } catch {
    return 'of unknown version';
  }
}
