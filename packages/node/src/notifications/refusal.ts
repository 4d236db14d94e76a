import { RequestError } from '@belfry/client/transport';

/**
 * The answer to a batch that was refused for what is in it; null for any other failure, which is every item's. A proxy
 * that knows nothing of batches has no problem to tell.
 */
export function refusalOf(error: unknown): RequestError | null {
  if (!(error instanceof RequestError) || error.problem === null) return null;
  return error.status === 400 || error.status === 413 ? error : null;
}

const ITEM = /^notifications\.(\d+)(?=\.|$)/;

/** The place of the item that a refusal names; null where it names none. */
export function itemNamed({ field }: RequestError): number | null {
  const found = ITEM.exec(field ?? '');
  return found === null ? null : Number(found[1]);
}

/** The refusal as the one item would have got it alone. */
export function asOfOne(error: RequestError, at: number): RequestError {
  const own = (text: string): string => text.replaceAll(`notifications.${at}.`, '');
  const field = own(error.field ?? '');
  const detail = own(error.message);
  const problem = error.problem === null ? null : { ...error.problem, detail, field };
  return new RequestError(error.code, detail, error.status, { problem, field, cause: error });
}
