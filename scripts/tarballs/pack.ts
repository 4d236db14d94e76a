import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { capture } from '../run/command.ts';
import { root, workspacePackages } from '../workspace/packages.ts';

export interface Tarball {
  readonly name: string;
  /** False for a package that only brings a command. */
  readonly isImported: boolean;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** Every package that is published, as npm would upload it now. */
export async function packAll(): Promise<Tarball[]> {
  const packages = workspacePackages().filter((one) => !one.private);
  const into = mkdtempSync(join(tmpdir(), 'belfry-pack-'));
  try {
    const workspaces = packages.map(({ folder }) => `--workspace=${relative(root, folder)}`);
    const { code, output } = await capture('npm', ['pack', '--json', '--pack-destination', into, ...workspaces]);
    if (code !== 0) throw new Error(`npm pack failed:\n${output.trim()}`);
    return (JSON.parse(output) as Packed[]).map(({ name, filename }) => ({
      name,
      isImported: packages.some((one) => one.name === name && Object.keys(one.entries).length > 0),
      bytes: readFileSync(join(into, filename)),
    }));
  } finally {
    rmSync(into, { recursive: true });
  }
}

interface Packed {
  readonly name: string;
  readonly filename: string;
}
