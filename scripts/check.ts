// `npm run check`: everything about the code that can be judged without running it.
// `npm run check -- types arrows` runs those only.
import { steps } from './checking/steps.ts';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`No check is named ${unknown.join(', ')}. There are: ${steps.map((step) => step.name).join(', ')}.`);
  process.exit(1);
}

const failed: string[] = [];
for (const step of steps.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const started = performance.now();
  const { code, output } = await step.run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name.padEnd(8)} ${seconds.padStart(5)} s   ${step.about}`);
  if (code !== 0 || step.tells) console.log(`\n${output.trim()}\n`);
  if (code !== 0) failed.push(step.name);
}

console.log(failed.length === 0 ? '\nThe check passed.' : `\nThe check failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
