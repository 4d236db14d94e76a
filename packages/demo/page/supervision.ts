import { fetchConfig } from './config.ts';
import type { Control } from './control.ts';
import type { World } from './world.ts';

const PAUSE_MS = 1_000;

/**
 * Follows the supervisor for as long as the page is open. One that was started anew has other doors and another
 * secret: then the page loads again.
 */
export async function followSupervisor(control: Control, world: World, run: string): Promise<never> {
  for (;;) {
    await control.watch((line) => world.take(line)).catch(() => {});
    world.lose();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const config = await fetchConfig().catch(() => null);
    if (config !== null && config.run !== run) location.reload();
  }
}
