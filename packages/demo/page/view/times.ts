const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const whole = new Intl.NumberFormat('en');

export function clockTime(at: number): string {
  return clock.format(at);
}

export function milliseconds(ms: number): string {
  return `${whole.format(Math.max(1, Math.round(ms)))}\u00a0ms`;
}
