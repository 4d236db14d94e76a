// `npm run workbench`: every state of every component, at an address that it prints. With `--update` it takes the
// pictures anew that the tests compare with.
import { show, tool } from './run/command.ts';

const HOW = 'npm run workbench -- [--update]';

const [option, ...more] = process.argv.slice(2);
if ((option !== undefined && option !== '--update') || more.length > 0) {
  console.error(`There is no ${[option, ...more].join(' ')}: ${HOW}`);
  process.exit(2);
}

process.exitCode =
  option === '--update'
    ? show(tool('vitest'), ['run', 'packages/react/test/workbench.test.ts', '-t', 'looks as it did'], {
        ...process.env,
        BELFRY_RENEW_PICTURES: '1',
      })
    : show(tool('vite'), ['--config', 'packages/react/workbench/vite.config.ts', 'packages/react/workbench']);
