import type { Draft, Recipient, Severity, TrafficState } from '../wire.ts';

const PER_SECOND = 5;
/** Nobody turns it off by closing the tab, so it ends by itself. */
export const LONGEST_MS = 120_000;

const RECIPIENTS: readonly Recipient[] = ['ada', 'ben', 'ada', 'ben', 'all'];
const TEXTS: readonly (readonly [title: string, body: string, severity: Severity])[] = [
  ['Build passed', 'All 214 tests, in 38 seconds.', 'success'],
  ['Mira commented', '“Could we keep the old address working for a month?”', 'info'],
  ['Invoice paid', 'Order 4711 is paid and can go out.', 'success'],
  ['Disk almost full', 'The export volume has 4 % left.', 'warning'],
  ['You were assigned', 'Review the text of the welcome page by Friday.', 'info'],
  ['Import stopped', 'Line 212 has no e-mail address.', 'critical'],
  ['Report is ready', 'The figures for October can be downloaded.', 'info'],
];

export interface TrafficOptions {
  publish: (draft: Draft) => void;
  onChange: (state: TrafficState) => void;
}

/** A steady flow of made-up news. */
export class Traffic {
  readonly #options: TrafficOptions;
  #until: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  get state(): TrafficState {
    return { perSecond: PER_SECOND, until: this.#until };
  }

  /** Flows for `ms` from now, or longer where it already does. */
  runFor(ms: number): void {
    this.#until = Math.max(this.#until ?? 0, Date.now() + Math.min(ms, LONGEST_MS));
    this.#timer ??= setInterval(() => this.#tick(), 1_000 / PER_SECOND);
    this.#options.onChange(this.state);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#until === null) return;
    this.#until = null;
    this.#options.onChange(this.state);
  }

  #tick(): void {
    if (this.#until !== null && Date.now() >= this.#until) {
      this.stop();
      return;
    }
    const [title, body, severity] = TEXTS[this.#count % TEXTS.length]!;
    const to = RECIPIENTS[this.#count % RECIPIENTS.length]!;
    this.#count += 1;
    this.#options.publish({ to, title, body, severity });
  }
}
