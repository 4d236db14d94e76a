import { Signal } from '../signal.ts';

export interface LoggedFrame {
  key: number;
  at: number;
  event: string;
  id: string | null;
  data: string;
}

const MOST = 60;
const LONGEST = 600;

/** The newest blocks of a stream as they came, newest first. */
export class FrameLog extends Signal {
  frames: readonly LoggedFrame[] = [];
  #count = 0;

  add(event: string, id: string | null, data: string | null): void {
    const text = data ?? '';
    const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)} … (${text.length} characters)` : text;
    this.#count += 1;
    this.frames = [{ key: this.#count, at: Date.now(), event, id, data: shown }, ...this.frames.slice(0, MOST - 1)];
    this.changed();
  }
}
