/** An answer, for either door to send. */
export interface Reply {
  status: number;
  /** Names in lower case. Its length is the door's to tell. */
  headers: Record<string, string>;
  body: string | null;
}

export function responseOf({ status, headers, body }: Reply): Response {
  return new Response(body, { status, headers });
}
