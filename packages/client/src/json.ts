import type { Frame } from './frame-parser.ts';

/** Null for what is no JSON, or neither an object nor a list. */
export function parseJson(text: string | null): object | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** A block as a stream would have brought it. */
export function frameOf(event: string, id: string | null, data: unknown): Frame {
  return { event, id, data: JSON.stringify(data) };
}
