/** The workbench stands still at this moment, so that pictures of it repeat. */
export const NOW = Date.parse('2030-03-12T10:15:00.000Z');

const RealDate = Date;

globalThis.Date = class FixedDate extends RealDate {
  constructor(...given: [] | [number | string]) {
    super(...((given.length === 0 ? [NOW] : given) as [number]));
  }

  static override now(): number {
    return NOW;
  }
} as DateConstructor;

/** So many seconds before now. */
export function ago(seconds: number): string {
  return new Date(NOW - seconds * 1_000).toISOString();
}

export function ahead(seconds: number): string {
  return ago(-seconds);
}
