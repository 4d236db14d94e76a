import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import { cpuMs, machineBusy } from '../processes/usage.ts';
import type { Ground } from '../scenarios/scenario.ts';
import { FrameScanner, scanFrames } from './frame-scanner.ts';
import { Histogram } from './histogram.ts';
import type { InboxSettings } from './inbox-load.ts';
import { InboxThread } from './inbox-thread.ts';
import { Ledger } from './ledger.ts';
import { LineLedger } from './line-ledger.ts';
import { endsOf } from './load.ts';
import { Pace } from './pace.ts';
import { Publishers } from './publishers.ts';
import { numbered } from './sequence.ts';
import { Subscribers } from './subscribers.ts';

const PATIENCE_MS = 10_000;
/** From the first line to the first that counts. */
const SETTLE_MS = 500;

export interface RunLoadSettings extends InboxSettings {
  followers: number;
  batchSize: number;
  batchesPerSecond: number;
}

/** A chatty run with its followers, and the inbox of the same tenant beside it. */
export class RunLoad {
  readonly #ground: Ground;
  readonly #settings: RunLoadSettings;
  readonly #run: string;
  readonly #inbox: InboxThread;
  readonly #lines: LineLedger;
  readonly #followers: Subscribers;
  readonly #reporters: Publishers[] = [];

  static async open(ground: Ground, settings: RunLoadSettings): Promise<RunLoad> {
    if (ground.wire.runs === undefined) throw new Error('This peer has no runs.');
    const [first, last] = endsOf(ground);
    const inbox = await InboxThread.start({ peer: ground.peer, first, last, settings });
    const load = new RunLoad(ground, settings, await ground.wire.runs.begin(first), inbox);
    await load.#followers.open(settings.followers);
    return load;
  }

  private constructor(ground: Ground, settings: RunLoadSettings, run: string, inbox: InboxThread) {
    this.#ground = ground;
    this.#settings = settings;
    this.#run = run;
    this.#inbox = inbox;
    const lines = new LineLedger(settings.followers, settings.batchSize);
    this.#lines = lines;
    const received = (follower: number, line: number, now: number) => lines.receive(follower, line, now);
    const scanner = new FrameScanner(manyAFrame);
    this.#followers = new Subscribers(this.#runs.following(run), endsOf(ground)[1], received, scanner);
  }

  get #runs() {
    return this.#ground.wire.runs as NonNullable<Ground['wire']['runs']>;
  }

  /** Both until all is warm, then the inbox alone, then both again. */
  async measure(warmupS: number, partS: number): Promise<Figures> {
    const { phase } = this.#ground;
    const warming = await this.#report();
    await sleep(warmupS * 1_000);
    await warming.stop(PATIENCE_MS);
    await this.#linesArrived();
    const quiet = await this.#part(partS);
    const reporting = await this.#report();
    await sleep(SETTLE_MS);
    await phase('measuring');
    const loud = await this.#part(partS);
    await phase('measured');
    await reporting.stop(PATIENCE_MS);
    await this.#linesArrived();
    return { ...compared(quiet, loud), ...this.#verdict(await this.#inbox.stop()) };
  }

  /** The work, unless a stream or a request fails before it is done. */
  unlessFailed<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#inbox.failed, this.#followers.failed]);
  }

  async close(): Promise<void> {
    for (const reporter of this.#reporters) reporter.close();
    this.#followers.close();
    await this.#inbox.close();
  }

  /** A reporter who sends by the clock, one request at a time. */
  async #report(): Promise<Publishers> {
    const text = (number: number) => numbered(number, 'ok auth/login.spec.ts - signs in with a passkey (1.2 s)');
    const compose = (_: unknown, due: number) => this.#runs.log(this.#run, this.#lines.open(due).map(text));
    const pace = new Pace(this.#settings.batchesPerSecond);
    // Its ledger stays empty: what it sends are lines, which have one of their own.
    const reporter = new Publishers(endsOf(this.#ground)[0], new Ledger(0), compose, pace);
    this.#reporters.push(reporter);
    await reporter.open(1);
    reporter.start();
    return reporter;
  }

  async #part(seconds: number): Promise<Part> {
    const pids = this.#ground.servers.map(({ pid }) => pid);
    const cpu = () => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
    await this.#inbox.begin();
    this.#lines.times = new Histogram();
    const busy = machineBusy();
    const before = { at: performance.now(), cpu: cpu(), own: ownCpuMs(), lines: this.#lines.received };
    await sleep(seconds * 1_000);
    const measured = (performance.now() - before.at) / 1_000;
    return {
      inbox: await this.#inbox.times(),
      lines: this.#lines.times,
      linesPerSecond: (this.#lines.received - before.lines) / this.#settings.followers / measured,
      serverMs: (cpu() - before.cpu) / measured,
      generatorMs: (ownCpuMs() - before.own) / measured,
      machineBusy: busy(),
    };
  }

  async #linesArrived(): Promise<void> {
    for (let waited = 0; this.#lines.missing > 0 && waited < PATIENCE_MS; waited += 10) await sleep(10);
  }

  #verdict(inbox: Figures): Figures {
    const { verified = 0, missing = 0, doubled = 0 } = inbox;
    return {
      verified: verified + this.#lines.received,
      missing: missing + this.#lines.missing,
      doubled: doubled + this.#lines.doubled,
    };
  }
}

/** What one part came to; milliseconds of CPU are by the second. */
interface Part {
  inbox: Figures;
  lines: Histogram;
  linesPerSecond: number;
  serverMs: number;
  generatorMs: number;
  machineBusy: number;
}

function compared(quiet: Part, loud: Part): Figures {
  const { p50 = Number.NaN, p99 = Number.NaN } = loud.inbox;
  const { p50: quietP50 = Number.NaN, p99: quietP99 = Number.NaN } = quiet.inbox;
  return {
    quietP50,
    quietP99,
    p50,
    p99,
    inboxRatio: p99 / quietP99,
    linesPerSecond: loud.linesPerSecond,
    lineP50: loud.lines.quantile(0.5) / 1_000,
    lineP99: loud.lines.quantile(0.99) / 1_000,
    cpuPerLine: ((loud.serverMs - quiet.serverMs) * 1_000) / loud.linesPerSecond,
    quietBusy: quiet.serverMs / 10,
    serverBusy: loud.serverMs / 10,
    generatorBusy: loud.generatorMs / 10,
    machineBusy: loud.machineBusy,
  };
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** A frame of a run's log brings several lines. */
function manyAFrame(bytes: Buffer) {
  return scanFrames(bytes, true);
}
