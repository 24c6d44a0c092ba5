import { ErrorReply, SocketClosedUnexpectedlyError } from 'redis';
import { AwayError, DeadlineError, describeFailure, failureKind, isFatal, isUnresponsive } from './failure-kind.js';

describe('failureKind', () => {
  it.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", 'OOM'],
    ["READONLY You can't write against a read only replica.", 'READONLY'],
    ['LOADING Redis is loading the dataset in memory', 'LOADING'],
    ["NOPERM User default has no permissions to run the 'set' command", 'NOPERM'],
    ["NOPERM this user has no permissions to run the 'set' command", 'NOPERM'],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'WRONGTYPE'],
    ['NOAUTH Authentication required.', 'NOAUTH'],
    ['MISCONF Redis is configured to save RDB snapshots', 'MISCONF'],
    ['BUSY Redis is busy running a script.', 'BUSY'],
    ['NOSCRIPT No matching script. Please use EVAL.', 'NOSCRIPT'],
    ['CLUSTERDOWN The cluster is down', 'CLUSTERDOWN'],
    [
      "ERR The user executing the script can't run this command or subcommand script: abc, on @user_script:4.",
      'NOPERM',
    ],
    ["ERR Error running script: @user_script: 1: OOM command not allowed when used memory > 'maxmemory'.", 'OOM'],
    ['ERR unknown command', 'ERR'],
  ])('of the reply %j is %s', (message, kind) => expect(failureKind(new ErrorReply(message))).toBe(kind));

  it('of what is no reply is what the connection is like', () => {
    expect(failureKind(new SocketClosedUnexpectedlyError())).toBe('CONNECTION');
    expect(failureKind(new Error('ECONNREFUSED'))).toBe('CONNECTION');
    expect(failureKind('text')).toBe('CONNECTION');
    expect(failureKind(new DeadlineError(250))).toBe('TIMEOUT');
    expect(failureKind(new AwayError())).toBe('AWAY');
  });

  it('says what is to become of the connection', () => {
    expect(['CONNECTION', 'READONLY', 'NOAUTH', 'LOADING'].every(isFatal)).toBe(true);
    expect(['OOM', 'NOPERM', 'WRONGTYPE', 'TIMEOUT'].some(isFatal)).toBe(false);
    expect(['TIMEOUT', 'BUSY'].every(isUnresponsive)).toBe(true);
  });
});

describe('describeFailure', () => {
  it('never shows who logs in where', () => {
    expect(describeFailure(new Error('cannot reach redis://user:secret@host:1/2'))).toBe(
      'cannot reach redis://host:1/2',
    );
    expect(describeFailure(new AggregateError([new Error('one'), new Error('rediss://:p@h')]))).toBe('one; rediss://h');
  });
});
