import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type ChildName, SourceBundle } from '../../../../scripts/build/source-bundle.ts';

const bundle = await SourceBundle.ofNow();

export interface Child {
  process: ChildProcess;
  /** What it wrote to stdout so far, by line. */
  lines: string[];
  /** Resolves with the first line that starts so. */
  line(start: string): Promise<string>;
  /** Everything on stderr, once it has ended. */
  ended(): Promise<{ code: number | null; stderr: string }>;
}

/** Runs a script of this folder in a Node process of its own, directly or behind a shell's command. */
export function startChild(name: ChildName, args: string[], shell?: string): Child {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', bundle.child(name), ...args];
  const child = shell
    ? spawn('sh', ['-c', `${shell}; exec "$@"`, 'sh', ...command])
    : spawn(command[0] as string, command.slice(1));
  const lines: string[] = [];
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  const closed = once(child, 'close');
  return {
    process: child,
    lines,
    async line(start) {
      const there = () => lines.find((line) => line.startsWith(start));
      while (there() === undefined)
        await Promise.race([once(output, 'line'), closed.then(() => failed(start, stderr))]);
      return there() as string;
    },
    async ended() {
      const [code] = await closed;
      return { code, stderr };
    },
  };
}

function failed(start: string, stderr: string): never {
  throw new Error(`The process ended before it said ${start}: ${stderr}`);
}
