import { describe, expect, it } from 'vitest';
import { keys } from '../src/commands/keys.ts';
import { send } from '../src/commands/send.ts';
import { serve } from '../src/commands/serve.ts';
import { tail } from '../src/commands/tail.ts';
import { token } from '../src/commands/token.ts';
import { checkOptions } from '../src/options.ts';

type Command = Parameters<typeof checkOptions>[0];

describe('options', () => {
  it.each([
    [send, ['--to', 'all'], '<title> is missing'],
    [send, ['Hello'], '--to is missing'],
    [send, ['Hello', '--to'], '--to needs a value'],
    [send, ['Hello', '--to='], '--to needs a value'],
    [send, ['--to', '--body', 'x', 'Hello'], '--to needs a value'],
    [send, ['Hello', 'world', '--to', 'all'], '"world" is one word too many'],
    [send, ['Hello', '--to', 'all', '--titel', 'x'], 'no option --titel'],
    [send, ['Hello', '--to', 'all', '--title', 'x'], 'no option --title'],
    [send, ['Hello', '-t', 'all'], 'no option -t'],
    [
      send,
      ['Hello', '--to', 'user:1', '--to', 'user:2'],
      '--to is given twice. Give it once, with a comma list: --to=a,b.',
    ],
    [send, ['Hello', '--to', 'user:1', '--to=user:2'], '--to is given twice'],
    [send, ['Hello', '--to', 'all', '--body', 'x', '--body', 'y'], /^--body is given twice\. Give it once\.$/],
    [tail, ['--channels=all', '--channels=user:1'], 'comma list: --channels=a,b.'],
    [serve, ['--port', '80'], 'no option --port'],
    [serve, ['-p80'], 'no option -p'],
    [serve, ['now'], '"now" is one word too many'],
    [tail, ['--json=yes'], '--json takes no value'],
    [tail, ['--constructor', 'x'], 'no option --constructor'],
    [token, [], '<user> is missing'],
  ] as [Command, string[], string | RegExp][])('that are wrong are told: %#', async (command, args, message) => {
    await expect(checkOptions(command, args)).rejects.toThrow(message);
  });

  it.each([
    [send, ['Hello world', '--to', 'all', '--data={"n":-5}', '--idempotency-key', 'k']],
    [send, ['--to=user:1,all', 'Hello']],
    [send, ['--to', 'all', '--', '--dashed title']],
    [tail, ['--json', '--json', '--channels', 'all']],
    [token, ['ada', '--read-only', '--expires', '2h']],
  ] as [Command, string[]][])('that are right pass: %#', async (command, args) => {
    await expect(checkOptions(command, args)).resolves.toBeUndefined();
  });

  it('of keys are checked by their own commands', async () => {
    const { add } = keys.subCommands as unknown as { add: Command };
    await expect(checkOptions(add, ['ci', '--scope', 'read'])).rejects.toThrow('no option --scope');
  });
});
