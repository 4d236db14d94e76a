import { defineCommand, renderUsage, runCommand, type SubCommandsDef } from 'citty';
import { keepCompiled } from './compiled.ts';
import { collectByCores } from './one-core.ts';
import { checkOptions } from './options.ts';
import { endWithReader, explain, note, print } from './terminal.ts';

/** Loaded when called for: `belfry send` should not wait for the server's code. */
const commands: SubCommandsDef = {
  dev: async () => (await import('./commands/dev.ts')).dev,
  'dev-server': async () => (await import('./commands/dev-server.ts')).devServer,
  serve: async () => (await import('./commands/serve.ts')).serve,
  send: async () => (await import('./commands/send.ts')).send,
  tail: async () => (await import('./commands/tail.ts')).tail,
  token: async () => (await import('./commands/token.ts')).token,
  keys: async () => (await import('./commands/keys.ts')).keys,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
};

const belfry = defineCommand({
  meta: async () => ({
    name: 'belfry',
    version: await version(),
    description: 'A real-time inbox for apps and agents.',
  }),
  subCommands: commands,
});

async function version(): Promise<string> {
  return (await import('@belfry/server')).VERSION;
}

async function main(rawArgs: string[]): Promise<void> {
  if (rawArgs[0] === '--version' || rawArgs[0] === '-v') {
    print(await version());
    return;
  }
  const { command, parent, rest, path } = await commandNamed(rawArgs);
  if (rest.includes('--help') || rest.includes('-h') || command.subCommands !== undefined) {
    print(await renderUsage(command, parent));
    if (rest.some((arg) => !arg.startsWith('-'))) {
      note(`belfry: there is no command "${[...path, rest[0]].join(' ')}".`);
      process.exitCode = 1;
    }
    return;
  }
  await checkOptions(command, rest);
  await runCommand(command, { rawArgs: rest });
}

/** citty's own type for commands whose arguments are not known. */
type AnyCommand = Extract<SubCommandsDef[string], { run?: unknown }>;

interface Named {
  command: AnyCommand;
  parent: AnyCommand | undefined;
  path: string[];
  rest: string[];
}

/** Walks down as far as the words name commands. */
async function commandNamed(rawArgs: string[]): Promise<Named> {
  let named: Named = { command: belfry as AnyCommand, parent: undefined, path: [], rest: rawArgs };
  for (;;) {
    const [word] = named.rest;
    const subCommands = (await resolved(named.command.subCommands)) ?? {};
    if (word === undefined || !Object.hasOwn(subCommands, word)) return named;
    const command = await resolved(subCommands[word]);
    named = {
      command: command as AnyCommand,
      parent: named.command,
      path: [...named.path, word],
      rest: named.rest.slice(1),
    };
  }
}

async function resolved<Value>(value: Value | Promise<Value> | (() => Value | Promise<Value>)): Promise<Value> {
  return typeof value === 'function' ? (value as () => Value | Promise<Value>)() : value;
}

keepCompiled(import.meta.dirname);
endWithReader();
collectByCores();
main(process.argv.slice(2)).catch((error: unknown) => {
  explain(error);
  // A library that could not connect may hold on to its socket: that must not keep a failed start alive.
  process.exit(1);
});
