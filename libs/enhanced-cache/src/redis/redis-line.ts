/** An argument of a command. */
export type RedisArgument = string | Buffer;

/** What one hears on a {@link RedisLine}, in the order in which it comes. Called while replies are read: it must not throw. */
export interface LineListener {
  /** A tracked key was changed or went away; `null`: all of them may have. */
  changed(name: string | null): void;
  /** A message on the channel. */
  message(text: string): void;
  /** The connection, or one of several, is gone or broken. It does not come back by itself. */
  lost(error: unknown): void;
}

/** A connection to Redis with tracking armed and the channel subscribed: to a server, a cluster, or the master behind Sentinel. */
export interface RedisLine {
  /** Whether replies, pushes and messages all come in the order in which Redis made them. */
  readonly ordered: boolean;
  /**
   * Sends a command before it returns; replies come in the order of the commands, texts in them as Buffers.
   *
   * @param name the key that says which node it is for; `undefined`: any.
   */
  send(name: string | undefined, args: readonly RedisArgument[]): Promise<unknown>;
  /** Closes at once. Nothing is heard afterwards. */
  close(): void;
}

/** What of Redis is to be heard. */
export interface LineSubject {
  /** Keys that begin with one of these are tracked; none begins another. */
  readonly prefixes: readonly string[];
  readonly channel: string;
}

/** Opens a line. Rejects where that is not possible, or `signal` is aborted first. */
export type OpenLine = (subject: LineSubject, listener: LineListener, signal: AbortSignal) => Promise<RedisLine>;
