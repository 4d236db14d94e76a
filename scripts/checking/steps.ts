import { capture, type Outcome, tool } from '../run/command.ts';
import { checkPins } from './pins.ts';
import { checkPromises } from './promises.ts';
import { checkTarballs } from './tarballs.ts';
import { checkTypes } from './types.ts';

export interface Step {
  readonly name: string;
  readonly about: string;
  /** True: what it says is worth reading even where all is well. */
  readonly tells?: boolean;
  readonly run: () => Promise<Outcome>;
}

export const steps: readonly Step[] = [
  {
    name: 'format',
    about: 'format and lint of every file, warnings included (`npm run format` mends most)',
    run: () => capture(tool('biome'), ['check', '--error-on-warnings', '--colors=off', '.']),
  },
  { name: 'types', about: 'packages each by its own rules, then tests, scripts and bench', run: checkTypes },
  {
    name: 'arrows',
    about: 'who may import whom, no circles, no schema library in the browser',
    run: () => capture(process.execPath, ['scripts/arrows.ts']),
  },
  {
    name: 'unused',
    about: 'files, exports and dependencies that nobody uses, or that nobody declared',
    run: () => capture(tool('knip'), ['--no-progress']),
  },
  {
    name: 'sizes',
    about: 'what a page loads of us has not grown',
    tells: true,
    run: () => capture(process.execPath, ['scripts/sizes.ts']),
  },
  { name: 'tarballs', about: 'what is published can be imported, with its types (publint, attw)', run: checkTarballs },
  { name: 'pins', about: 'exact versions, and a lock file that is whole', run: checkPins },
  { name: 'promises', about: 'each promise of a SPEC.md names tests that are there', run: checkPromises },
];
