export interface WebhookRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface WebhookAnswer {
  status: number;
  /** The beginning of what it said, safe to show on one line. Empty where it was a success. */
  text: string;
}

/** How requests leave this process. The core knows no HTTP. */
export interface WebhookSender {
  /** Why no request is ever sent to this address, in words for its owner; null where one may be. Asks no network. */
  refusal(url: string): string | null;
  /**
   * One request, with a time limit of its own, to a checked address, no redirect followed. Every status is an answer.
   *
   * @throws Error where there was no answer, with words to show.
   */
  send(request: WebhookRequest): Promise<WebhookAnswer>;
  /** Ends what is under way: it throws. */
  close(): void;
}

/** For a process that sends nothing. */
export const NO_SENDER: WebhookSender = {
  refusal: () => 'is not taken: this process does not send webhooks.',
  send: () => Promise.reject(new Error('This process does not send webhooks.')),
  close: () => {},
};
