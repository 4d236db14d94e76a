/**
 * `lost`: it should have come. `doubled`: it came again. `misordered`: it came after a later one. `misdelivered`: it is
 * somebody else's, or came by a channel that is not the reader's first. `unentitled`: it is on a channel that they held at another number, but not
 * at its. `altered`: it is not what was stored.
 * `invented`: there is no such thing. `late`: others that were sent seconds after it came before it. `state`: a fresh start that is not what the log says. `protocol`: anything else.
 */
export type FaultKind =
  | 'lost'
  | 'doubled'
  | 'misordered'
  | 'misdelivered'
  | 'unentitled'
  | 'altered'
  | 'invented'
  | 'late'
  | 'state'
  | 'protocol';

export interface Fault {
  kind: FaultKind;
  /** A reader, a writer, or the log. */
  who: string;
  what: string;
}
