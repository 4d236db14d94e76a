/** Each takes memory in every session of the server. */
const MAX_NAMES = 200;
const MAX_COUNTED = 2_000;
const WORTH_PREPARING = 3;

/**
 * Names for statements that come again, so that the server parses and plans them once a session. Texts vary with what
 * they are asked (how many channels, which filters), so a name is given at the third time only.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined || this.#names.size >= MAX_NAMES) return name;
    const count = (this.#counts.get(text) ?? 0) + 1;
    if (count < WORTH_PREPARING) return this.#count(text, count);
    this.#counts.delete(text);
    const given = `belfry_${this.#names.size}`;
    this.#names.set(text, given);
    return given;
  }

  #count(text: string, count: number): undefined {
    if (this.#counts.size >= MAX_COUNTED) this.#counts.clear();
    this.#counts.set(text, count);
  }
}
