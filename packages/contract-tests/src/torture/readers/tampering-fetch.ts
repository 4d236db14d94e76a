/**
 * What a faulty server would do to one message of a stream: leave it out, send it after the one behind it, send it
 * twice, or send what is somebody else's.
 */
export type Tampering = 'drop' | 'swap' | 'repeat' | 'misdeliver';

const END = '\n\n';

/** A fetch that does this to the `at`th message that comes, over all its streams together. */
export function tamperingFetch(tampering: Tampering, at: number, foreign: () => string): typeof fetch {
  let count = 0;
  let heldBack = '';
  const tamper = (block: string): string => {
    if (!isMessage(block)) return block;
    count += 1;
    if (count === at + 1) return block + heldBack;
    if (count !== at) return block;
    heldBack = tampering === 'swap' ? block : '';
    return { drop: '', swap: '', repeat: block + block, misdeliver: foreign() + block }[tampering];
  };
  return async (input, init) => {
    const response = await fetch(input, init);
    const body = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(eachBlock(tamper));
    return new Response(body?.pipeThrough(new TextEncoderStream()) ?? null, response);
  };
}

function isMessage(block: string): boolean {
  return block.startsWith('id: ') && block.includes('\ndata: ');
}

function eachBlock(change: (block: string) => string): TransformStream<string, string> {
  let rest = '';
  return new TransformStream({
    transform(text, controller) {
      const blocks = (rest + text).split(END);
      rest = blocks.pop() ?? '';
      for (const block of blocks) controller.enqueue(change(block + END));
    },
  });
}
