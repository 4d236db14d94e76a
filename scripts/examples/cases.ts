/** An app in `examples/`, and what a visitor sees in it. */
export interface Example {
  /** Its folder. */
  readonly name: string;
  /** Before it is started: npm scripts. */
  readonly build: readonly string[];
  /** How `npm start` is told its port. */
  readonly portArguments: (port: number) => readonly string[];
  /** What is clicked before the list can be seen. */
  readonly bell?: string;
  /** What must have a colour, one by day and one by night. */
  readonly coloured?: string;
  /** Where a notification stands. */
  readonly item: string;
  /** What the server's own HTML must have in it. */
  readonly rendered?: RegExp;
}

const inbox = { bell: '.belfry-bell', item: '.belfry-item', coloured: '.belfry-notifications' } as const;

export const examples: readonly Example[] = [
  {
    name: 'vite-react',
    build: ['build'],
    portArguments: (port) => ['--port', `${port}`, '--host', '127.0.0.1'],
    ...inbox,
  },
  {
    name: 'nextjs',
    build: ['build'],
    portArguments: (port) => ['--port', `${port}`, '--hostname', '127.0.0.1'],
    ...inbox,
    rendered: /<button[^>]*belfry-bell/,
  },
  { name: 'script', build: [], portArguments: () => [], item: '#list li' },
];
