import { type CheckResult, checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { build } from '../build.ts';
import type { Outcome } from '../run/command.ts';
import { packAll, type Tarball } from '../tarballs/pack.ts';

/** What is uploaded can be imported by those who install it, with types, and says of itself what is so. */
export async function checkTarballs(): Promise<Outcome> {
  try {
    await build(() => {});
    const found = (await Promise.all((await packAll()).map(faults))).flat();
    return { code: found.length > 0 ? 1 : 0, output: found.join('\n') };
  } catch (error) {
    return { code: 1, output: (error as Error).message };
  }
}

async function faults(tarball: Tarball): Promise<string[]> {
  const found = [...(await lint(tarball)), ...(tarball.isImported ? await typeFaults(tarball) : [])];
  return found.map((fault) => `${tarball.name}: ${fault}`);
}

async function lint({ bytes }: Tarball): Promise<string[]> {
  const { buffer, byteOffset, byteLength } = bytes;
  const { messages, pkg } = await publint({
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
    level: 'suggestion',
    strict: true,
  });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

async function typeFaults({ bytes }: Tarball): Promise<string[]> {
  const result: CheckResult = await checkPackage(createPackageFromTarballData(bytes), {
    // A stylesheet has no types.
    excludeEntrypoints: [/\.css$/],
  });
  return result.types ? result.problems.filter(matters).map(asText) : ['it brings no types'];
}

/** We are for ES modules and resolve by `exports`: Node 10 knew neither, and `require` finds them from Node 22 on. */
function matters(problem: Problem): boolean {
  const how = 'resolutionKind' in problem ? problem.resolutionKind : '';
  return how !== 'node10' && how !== 'node16-cjs';
}

function asText({ kind, ...where }: Problem): string {
  return `${kind} ${JSON.stringify(where)}`;
}
