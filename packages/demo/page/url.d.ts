/** The address under which the build serves a file as it is. */
declare module '*?url' {
  const url: string;
  export default url;
}
declare module '*.css';
