import { existsSync } from 'node:fs';
import { chromiumPath } from '@belfry/contract-tests/chromium';
import {
  findService,
  NATS,
  nginxPath,
  OPENSSL,
  POSTGRES,
  REDIS,
  type ServiceKind,
} from '@belfry/contract-tests/services';
import { show } from '../run/command.ts';

/** A real program that some tests run against. */
export interface Program {
  /** As people write it. */
  name: string;
  /** What a test file that needs it mentions. */
  mark: RegExp;
  /** Debian's package. */
  package: string;
  find(): string | undefined;
  /** What to set where it is somewhere else. */
  variable: string;
  /** Whether tests that need it may be skipped on a build machine too; nothing installs it. */
  isExtra?: boolean;
}

const LIBERATION = '/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf';

export const PROGRAMS: readonly Program[] = [
  {
    name: 'Chromium',
    mark: /@belfry\/contract-tests\/chromium/,
    package: 'chromium',
    find: () => chromiumPath(),
    variable: 'BELFRY_CHROMIUM',
  },
  // Debian's chromium only recommends it, and pictures are compared with letters of the same width.
  {
    name: 'the fonts of the pictures',
    mark: /\bmissingFonts\b/,
    package: 'fonts-liberation',
    find: () => [process.env.BELFRY_FONTS, LIBERATION].find((path) => path && existsSync(path)),
    variable: 'BELFRY_FONTS',
  },
  service(POSTGRES, 'postgresql', /\bstartPostgres\b/),
  service(REDIS, 'redis-server', /\bstartRedis\b/),
  service(NATS, 'nats-server', /\bstartNats\b/),
  service(OPENSSL, 'openssl', /\bnew Authority\b/),
  {
    name: 'nginx',
    mark: /\bstartNginx\b/,
    package: 'nginx',
    find: () => nginxPath(),
    variable: 'BELFRY_NGINX',
    isExtra: true,
  },
];

/** Why the tests that need it can't run; undefined where it is here, installed just now if need be. */
export function prepare(program: Program): string | undefined {
  if (program.find() !== undefined) return undefined;
  const named = process.env[program.variable];
  if (named) return `${program.variable} names ${named}, which is no program here`;
  if (!existsSync('/etc/debian_version')) return `it is not on the PATH; ${program.variable} may name another`;
  if (program.isExtra || process.getuid?.() !== 0)
    return `it is not here; \`sudo apt-get install ${program.package}\` brings it`;
  return install(program);
}

function install(program: Program): string | undefined {
  console.log(`Some tests need ${program.name}: installing ${program.package} with apt-get.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const failed =
    show('apt-get', ['update', '-qq'], env) ||
    show('apt-get', ['install', '-y', '-qq', '--no-install-recommends', program.package], env);
  if (failed === 0 && program.find() !== undefined) return undefined;
  return `\`apt-get install ${program.package}\` failed, see above`;
}

function service(kind: ServiceKind, debianPackage: string, mark: RegExp): Program {
  const find = () => findService(kind);
  return { name: kind.name, mark, package: debianPackage, find, variable: kind.urlVariable };
}
