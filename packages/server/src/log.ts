/** Where the server says what happens. pino fits; so does anything with these four. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = () => {};

export const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
