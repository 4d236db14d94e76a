import type { Entry, Lock } from './lockfile.ts';

/** A package that carries one platform's binary, asked for by `version` and absent from the lock. */
export interface Absent {
  readonly path: string;
  readonly version: string;
  readonly dev: boolean;
}

/**
 * Optional packages that others in the lock ask for and that have no entry. npm leaves out those of other platforms
 * when it cannot see them while it writes the lock, and `npm ci` on those platforms, or here, then refuses the lock.
 */
export function absentPlatforms({ packages }: Lock): Absent[] {
  return Object.entries(packages).flatMap(([asker, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !(`node_modules/${name}` in packages) && !(`${asker}/node_modules/${name}` in packages))
      .map(([name, version]) => ({ path: `node_modules/${name}`, version, dev: entry.dev ?? false })),
  );
}

/** The lock with an entry for each of these, its platform read from its name: `…-linux-arm64-musl`. */
export function withPlatforms(lock: Lock, absent: readonly Absent[]): Lock {
  const added = absent.map((one) => [one.path, toEntry(one)] as const);
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(added) });
  return { ...lock, packages: Object.fromEntries(packages.sort(([a], [b]) => a.localeCompare(b, 'en'))) };
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

function toEntry({ path, version, dev }: Absent): Entry {
  const words = path.slice(path.lastIndexOf('/') + 1).split('-');
  const os = systems.filter((name) => words.includes(name));
  const cpu = processors.filter((name) => words.includes(name));
  if (cpu.length === 0 || !/^\d/.test(version)) throw new Error(`No platform in the name of ${path}@${version}`);
  const libc = libcOf(words);
  return {
    version,
    cpu,
    ...(dev && { dev }),
    ...(libc && { libc: [libc] }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

function libcOf(words: readonly string[]): string | undefined {
  if (!words.includes('linux')) return undefined;
  if (words.some((word) => word.startsWith('musl'))) return 'musl';
  return words.some((word) => word.startsWith('gnu')) ? 'glibc' : undefined;
}
