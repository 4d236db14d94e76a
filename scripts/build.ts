import { compile } from './build/compile.ts';
import { withBuildLock } from './build/lock.ts';
import { isFresh, removeStamp, type Stamp, stampsOf, writeStamp } from './build/stamp.ts';
import { type Package, workspacePackages } from './workspace/packages.ts';

/**
 * Builds the packages whose sources changed since their last build, in the order of their dependencies.
 * With nothing to do it takes some tens of milliseconds and says nothing; else `say` gets one line a package.
 */
export async function build(say: (line: string) => void): Promise<void> {
  if (stale().length === 0) return;
  await withBuildLock(async () => {
    for (const { one, stamp } of stale()) {
      say(`building ${one.name}`);
      removeStamp(one);
      await compile(one);
      writeStamp(one, stamp);
    }
  });
}

function stale(): { one: Package; stamp: Stamp }[] {
  // Private packages are read from their source and never published.
  const packages = workspacePackages().filter((one) => !one.private);
  const stamps = stampsOf(packages);
  return packages
    .map((one) => ({ one, stamp: stamps.get(one.name) as Stamp }))
    .filter(({ one, stamp }) => !isFresh(one, stamp));
}

if (import.meta.main) {
  const started = performance.now();
  try {
    await build((line) => console.log(line));
    console.log(`built in ${((performance.now() - started) / 1000).toFixed(2)} s`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
