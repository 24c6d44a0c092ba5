/** A command was not answered within its deadline. */
export class DeadlineError extends Error {
  /** @param isOurs this process was too busy meanwhile to hear an answer: nothing is known of the other side. */
  constructor(
    readonly deadlineMs: number,
    readonly isOurs = false,
  ) {
    super(`no answer within ${deadlineMs} ms${isOurs ? ', in which this process itself was busy' : ''}`);
    this.name = 'DeadlineError';
  }
}

/** The tier is out of reach; nothing was sent. */
export class AwayError extends Error {
  constructor() {
    super('not connected');
    this.name = 'AwayError';
  }
}

/** Kinds of failure with which a connection is of no use any more. */
const FATAL: ReadonlySet<string> = new Set([
  'CONNECTION',
  'READONLY',
  'LOADING',
  'NOAUTH',
  'WRONGPASS',
  'CLUSTERDOWN',
  'MASTERDOWN',
  'MIXEDUP',
]);
/** Kinds that say, where they come again and again, that Redis does not answer. */
const UNRESPONSIVE: ReadonlySet<string> = new Set(['TIMEOUT', 'BUSY', 'TRYAGAIN']);
/** How Redis begins an error: `OOM command not allowed ...`. */
const REPLY = /^(?:ERR Error running script.*?: )?-?([A-Z]{2,})\b/;
/** How a script is told of one: `... @user_script: 1: -OOM ...`, or `ACL failure in script`. */
const IN_SCRIPT = /\b(OOM|READONLY|MISCONF|NOREPLICAS|WRONGTYPE)\b/;

/** What went wrong, in one word: Redis's own code, `TIMEOUT`, `AWAY`, or `CONNECTION` for all else. */
export function failureKind(error: unknown): string {
  if (error instanceof DeadlineError) return 'TIMEOUT';
  if (error instanceof AwayError) return 'AWAY';
  const message = error instanceof Error ? error.message : String(error);
  if (/ACL failure in script|can't run this command or subcommand/.test(message)) return 'NOPERM';
  const inScript = message.startsWith('ERR') ? IN_SCRIPT.exec(message) : null;
  if (inScript) return inScript[1];
  const reply = REPLY.exec(message);
  // A message of the client's own begins with a word, not with a code.
  return reply && isReplyError(error) ? reply[1] : 'CONNECTION';
}

/** Whether the connection is to be given up. */
export function isFatal(kind: string): boolean {
  return FATAL.has(kind);
}

/** Whether it counts towards giving the connection up. */
export function isUnresponsive(kind: string): boolean {
  return UNRESPONSIVE.has(kind);
}

/** Whether it only says that this process was busy. */
export function isOurFault(error: unknown): boolean {
  return error instanceof DeadlineError && error.isOurs;
}

/** One sentence without anything secret. */
export function describeFailure(error: unknown): string {
  const message = error instanceof AggregateError ? error.errors.map(describeFailure).join('; ') : plainMessage(error);
  return message.replace(/\/\/[^@\s/]*@/g, '//').slice(0, 200);
}

function plainMessage(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

function isReplyError(error: unknown): boolean {
  return error instanceof Error && /ErrorReply|SimpleError|BlobError|ReplyError/.test(error.constructor.name);
}
