#!/usr/bin/env node
// Plain, old JavaScript on purpose: a Node that is too old must get as far as the sentence that says so.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const version = process.versions.node.split('.').map(Number);

if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
  console.error(`Belfry needs Node 22.18 or newer; this is ${process.versions.node}.`);
  process.exitCode = 1;
} else if (await buildIfSource()) {
  await import('../dist/main.js');
}

/** In a checkout of Belfry's own source, `dist` is made when it is missing or older than the source. */
async function buildIfSource() {
  const builder = new URL('../../../scripts/build.ts', import.meta.url);
  if (!isCheckout() || !existsSync(builder)) return true;
  try {
    const { build } = await import(builder.href);
    await build(once(() => console.error('belfry: building what changed in this checkout …')));
    return true;
  } catch (error) {
    console.error(`belfry: ${error.message}`);
    process.exitCode = 1;
    return false;
  }
}

/** @param {() => void} say */
function once(say) {
  let said = false;
  return () => {
    if (!said) say();
    said = true;
  };
}

// Installed, this file is at node_modules/belfry/bin/, and a ../../../scripts/ would be the application's own.
function isCheckout() {
  const self = fileURLToPath(import.meta.url);
  return fileURLToPath(new URL('../../../packages/cli/bin/belfry.js', import.meta.url)) === self;
}
