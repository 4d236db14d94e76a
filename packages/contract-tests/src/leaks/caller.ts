/** The nearest line of the call stack that is neither a library's nor a watcher's own. */
export function caller(): string {
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  return (lines.find((line) => !isForeign(line)) ?? lines.at(-1) ?? '').trim();
}

function isForeign(line: string): boolean {
  return line.includes('node_modules') || line.includes('node:') || line.includes(import.meta.dirname);
}
