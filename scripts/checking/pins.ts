import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLock } from '../lock/lockfile.ts';
import { absentPlatforms } from '../lock/platforms.ts';
import type { Outcome } from '../run/command.ts';
import { root } from '../workspace/packages.ts';

/** Every version is exact, and the lock file is good for every platform and names no registry's address. */
export async function checkPins(): Promise<Outcome> {
  const found = [...looseVersions(), ...lockTroubles()];
  return { code: found.length > 0 ? 1 : 0, output: found.join('\n') };
}

function looseVersions(): string[] {
  return globSync('{package.json,packages/*/package.json,bench/package.json}', { cwd: root }).flatMap((file) => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${file}: ${name} is "${version}"; write the exact version`);
  });
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function lockTroubles(): string[] {
  const lock = readLock();
  const absent = absentPlatforms(lock).map(({ path }) => `package-lock.json lacks ${path}; \`npm run lock\` adds it`);
  const addressed = Object.entries(lock.packages)
    .filter(([, { link, resolved }]) => resolved !== undefined && !link)
    .map(([path, { resolved }]) => `package-lock.json: ${path} names an address, ${resolved}`);
  return [...absent, ...addressed];
}
