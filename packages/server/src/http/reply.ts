/** An answer, for either door to send. */
export interface Reply {
  status: number;
  /** Names in lower case. Its length is the door's to tell. */
  headers: Record<string, string>;
  body: Text | null;
}

/** A long one comes in pieces, which need not be put together to be sent. */
export type Text = string | readonly string[];

export function responseOf({ status, headers, body }: Reply): Response {
  const whole = body === null || typeof body === 'string' ? body : body.join('');
  return new Response(whole, { status, headers });
}
