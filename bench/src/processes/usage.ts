import { readFileSync } from 'node:fs';
import { withChildren } from './tree.ts';

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own tick (proc(5), USER_HZ). */
const MS_PER_TICK = 10;

/** CPU time that a process and its children have used with all their threads, in user and kernel mode together. */
export function cpuMs(pid: number): number {
  return withChildren(pid).reduce((sum, one) => sum + cpuMsOf(one), 0);
}

/** Resident memory of a process and its children, in kB. What they share is counted in each. */
export function residentKb(pid: number): number {
  return withChildren(pid).reduce((sum, one) => sum + residentKbOf(one), 0);
}

/** The most that was resident at once, of a process alone, in kB. */
export function peakKb(pid: number): number {
  return statusKb(pid, 'VmHWM');
}

function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name stands in brackets and may hold anything; utime and stime are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

function residentKbOf(pid: number): number {
  return statusKb(pid, 'VmRSS');
}

function statusKb(pid: number, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (found === null) throw new Error(`/proc/${pid}/status has no ${name}: the process has ended.`);
  return Number(found[1]);
}

/**
 * Begins to watch all cores; what it gives says for how much of the time they have worked since, in percent. Services
 * run beside what is measured, and this shows where they had no core to run on.
 */
export function machineBusy(): () => number {
  const before = machineTicks();
  return () => {
    const { idle, all } = machineTicks();
    return 100 * (1 - (idle - before.idle) / Math.max(1, all - before.all));
  };
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)). */
function machineTicks(): { idle: number; all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return { idle: idle + waiting, all: ticks.reduce((sum, count) => sum + count, 0) };
}
