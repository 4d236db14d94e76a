/** From when on a process took it to be later than it was, or earlier where that is below 0. Milliseconds, by the clock of the bench. */
export interface TurnedAhead {
  from: number;
  byMs: number;
}

/** The latest that any process may have taken it to be in a state that came at that time: some are held up on their way. */
export function latestAt(at: number, turns: readonly TurnedAhead[]): number {
  return at + Math.max(0, ...turns.filter(({ from }) => from <= at).map(({ byMs }) => byMs));
}
