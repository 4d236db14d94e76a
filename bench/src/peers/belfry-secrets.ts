// Good for a server that lives seconds and listens on this machine only.
export const JWT_SECRET = 'the bench signs its tokens with this';
export const API_KEY = 'the-bench-publishes-with-this';
