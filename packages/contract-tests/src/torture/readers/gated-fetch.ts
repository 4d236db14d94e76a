/** A fetch whose bodies can be left unread for a while: the socket then fills up, all the way back to the server. */
export class GatedFetch {
  #gate: PromiseWithResolvers<void> | null = null;

  /** Nothing more is read. */
  stall(): void {
    this.#gate ??= Promise.withResolvers();
  }

  /** Goes on reading. */
  release(): void {
    this.#gate?.resolve();
    this.#gate = null;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const gate = new TransformStream<Uint8Array, Uint8Array>({
      transform: async (piece, controller) => {
        await this.#gate?.promise;
        controller.enqueue(piece);
      },
    });
    return new Response(response.body?.pipeThrough(gate) ?? null, response);
  };
}
