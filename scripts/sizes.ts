// `npm run sizes`: what the browser's parts weigh, against their ceilings. `npm run sizes -- 20` shows 20 modules of each.
import { build } from './build.ts';
import { cases } from './sizes/cases.ts';
import { measure } from './sizes/measure.ts';
import { grown, shrunk, table } from './sizes/report.ts';

await build((line) => console.log(line));
const measured = [];
for (const one of cases) measured.push(await measure(one));
console.log(table(measured, Number(process.argv[2] ?? 5)));

for (const line of shrunk(measured)) console.log(`\n${line}`);

const found = grown(measured);
for (const line of found) console.error(`\n${line}`);
process.exitCode = found.length > 0 ? 1 : 0;
