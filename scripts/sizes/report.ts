import type { Measured } from './measure.ts';

const LARGEST = 5;

/** A line for each case, and below it what is largest in it. */
export function table(measured: readonly Measured[], largest = LARGEST): string {
  const head = ['min + gzip, bytes', 'goal', 'ceiling', 'measured'];
  const lines = measured.flatMap((one) => [
    row([one.name, one.goal, one.ceiling, one.bytes]),
    ...one.modules.slice(0, largest).map(({ file, length }) => `    ${String(length).padStart(6)}  ${file}`),
  ]);
  return [row(head), ...lines, '(beside each module: its length in the bundle before it is minified)'].join('\n');
}

function row([name, ...figures]: readonly (string | number)[]): string {
  return `${String(name).padEnd(24)}${figures.map((one) => String(one).padStart(10)).join('')}`;
}

/** What grew past its ceiling. */
export function grown(measured: readonly Measured[]): string[] {
  return measured
    .filter(({ bytes, ceiling }) => bytes > ceiling)
    .map(
      ({ name, bytes, ceiling }) =>
        `${name} has ${bytes} bytes, ${bytes - ceiling} more than its ceiling. Make it smaller; or raise the ceiling in ` +
        'scripts/sizes/cases.ts, and say in the commit what the bytes are for.',
    );
}

/** What has become so small that its ceiling should follow. */
export function shrunk(measured: readonly Measured[]): string[] {
  return measured
    .filter(({ bytes, ceiling }) => ceiling > bytes * 1.02)
    .map(({ name, bytes }) => `${name} has shrunk: its ceiling in scripts/sizes/cases.ts can be ${ceilingFor(bytes)}.`);
}

/** 1 % above: what a fix may cost before somebody thinks about it. */
function ceilingFor(bytes: number): number {
  return Math.ceil(bytes * 1.01);
}
