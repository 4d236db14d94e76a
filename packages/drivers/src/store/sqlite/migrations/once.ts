/**
 * An event that brought a notification is found by the channels of that while it is there, and has its data from it:
 * each is kept once. By time notifications are found by their numbers.
 */
export const ONCE = `
  delete from event_channels where exists (
    select 1 from addressed a
    where a.log = event_channels.log and a.channel = event_channels.channel and a.n = event_channels.n);
  drop index if exists notifications_by_time;
`;
