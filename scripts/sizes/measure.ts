import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Bundle, bundle } from './bundle.ts';
import type { Case } from './cases.ts';

export interface Measured extends Case {
  /** Of the code and its styles, each gzipped by itself, as a server sends them. */
  readonly bytes: number;
  readonly modules: Bundle['modules'];
}

export async function measure(one: Case): Promise<Measured> {
  const { code, modules } = await bundle(one.code);
  const styles = (one.styles ?? []).map((name) => readFileSync(fileURLToPath(import.meta.resolve(name)), 'utf8'));
  const bytes = [code, ...styles].reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
  return { ...one, bytes, modules };
}
