/** What somebody holds is in `people_channels` alone; those with exceptions are written anew when they are here again. */
export const AUDIENCE = `
  update people set scope = '' where grants like '%"except"%';
  alter table people drop column grants;
`;
