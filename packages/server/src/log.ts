/** Where the server says what happens. pino fits; so does anything with the four that write. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Whether `debug` writes anything: then there is a line for each event that is sent. Taken for true where it is missing. */
  isLevelEnabled?(level: 'debug'): boolean;
}

const nothing = () => {};

export const SILENT: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  isLevelEnabled: () => false,
};
