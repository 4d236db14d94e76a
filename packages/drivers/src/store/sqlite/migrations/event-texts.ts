/**
 * Long data of events. In a table without rowids, whoever looks for a row compares keys with whole rows: beside batches
 * of lines that read megabytes a second. Data that came before this stays where it is, and goes with its event.
 */
export const EVENT_TEXTS = `
  create table event_texts (log integer not null, n integer not null, data text not null, primary key (log, n));
`;
