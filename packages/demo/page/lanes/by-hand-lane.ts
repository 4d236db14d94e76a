import type { PersonConfig } from '../../src/wire.ts';
import { Signal } from '../signal.ts';
import { FrameLog } from './frame-log.ts';
import { firstProgress, type Progress, progressed } from './progress.ts';
import { Receipts } from './receipts.ts';

export type ByHandStatus = 'connecting' | 'open' | 'reconnecting' | 'given up';

/** The hand-written lane's side of the page: the browser's own EventSource, as it is. */
export class ByHandLane extends Signal {
  readonly person: PersonConfig;
  readonly receipts = new Receipts();
  readonly frames = new FrameLog();
  status: ByHandStatus = 'connecting';
  progress: Progress = firstProgress(Date.now());

  constructor(person: PersonConfig) {
    super();
    this.person = person;
    const source = new EventSource(`${person.byHandUrl}/by-hand/stream?user=${person.user}`);
    source.onopen = () => this.#set('open');
    source.onerror = () => this.#set(source.readyState === EventSource.CLOSED ? 'given up' : 'reconnecting');
    source.onmessage = ({ data }: MessageEvent<string>) => {
      this.receipts.note((JSON.parse(data) as { seq: number }).seq);
      this.frames.add('message', null, data);
      this.changed();
    };
  }

  #set(status: ByHandStatus): void {
    // Whoever has given up has nothing more to wait for.
    const caughtUp = status === 'open' || status === 'given up';
    this.progress = progressed(this.progress, caughtUp, Date.now());
    this.status = status;
    this.frames.add(status === 'open' ? '(connected)' : `(${status})`, null, null);
    this.changed();
  }
}
