/** Processes that share a Redis, the source behind them, and what is found impossible about what they read. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { FaultProxy } from '../support/fault-proxy.mjs';
import { RedisServer } from '../support/redis-server.mjs';

const PROCESS = fileURLToPath(new URL('./process.mjs', import.meta.url));
const HISTORY = new URL('../../libs/enhanced-cache/test/races/history/value-history.ts', import.meta.url);
const FINDINGS_KEPT = 5;

/** The checker of the histories inside one process, from its source. */
async function valueHistory() {
  const options = { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } };
  const { outputText } = ts.transpileModule(readFileSync(HISTORY, 'utf8'), options);
  const { ValueHistory } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return new ValueHistory();
}

export const now = () => Number(process.hrtime.bigint());

/** A process of the cluster, asked one thing at a time or several. */
class Member {
  #child;
  #waiting = new Map();
  #number = 0;

  constructor(proxy, handlers) {
    this.proxy = proxy;
    this.#child = fork(PROCESS, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (message) => this.#heard(message, handlers));
    this.#child.once('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`a process ended with ${code}`));
    });
  }

  ask(task, details = {}) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(++this.#number, { resolve, reject });
      this.#child.send({ task, number: this.#number, ...details });
    });
  }

  async end() {
    await this.ask('close').catch(() => undefined);
    this.#child.disconnect();
    await this.proxy.close();
  }

  #heard({ question, asked, reads, number, result, failure }, handlers) {
    if (question) {
      const answer = (value) => this.#child.connected && this.#child.send({ answer: { value }, number: asked });
      return handlers.question(question, answer);
    }
    if (reads) return handlers.reads(reads);
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (failure) waiting.reject(new Error(failure));
    else waiting.resolve(result);
  }
}

export class Cluster {
  versions = new Map();
  loads = 0;
  operations = 0;
  hits = 0;
  impossible = 0;
  callerErrors = 0;
  findings = [];
  /** Nanoseconds within which a change is not yet heard everywhere, and a reader may still see what was there before. */
  windowNs = 100e6;
  /** Times within which something was wrong, or its traces were not yet gone: any value that ever was may be read. */
  #troubles = [];
  #change = Promise.resolve();
  #history;
  #reads = [];

  static async start({ contestant, processes, keys = [], tags = [], answerLoad }) {
    const cluster = new Cluster();
    cluster.#history = await valueHistory();
    cluster.keys = keys;
    cluster.tags = tags;
    cluster.server = await RedisServer.start({ args: ['--enable-debug-command', 'local'] });
    cluster.members = [];
    const handlers = {
      question: (question, answer) => cluster.#answer(question, answer, answerLoad),
      reads: (reads) => cluster.#reads.push(...reads),
    };
    for (let i = 0; i < processes; i++) {
      const proxy = await FaultProxy.start(cluster.server.port);
      cluster.members.push(new Member(proxy, handlers));
    }
    await cluster.all('open', (member) => ({ contestant, where: { url: member.proxy.url, prefix: 'cluster' } }));
    for (const key of keys) cluster.bump(key, now());
    for (const key of keys) cluster.#history.writeEnded(key, 1, now());
    return cluster;
  }

  all(task, details = () => ({})) {
    return Promise.all(this.members.map((member, i) => member.ask(task, details(member, i))));
  }

  bump(key, at = now()) {
    const version = (this.versions.get(key) ?? 0) + 1;
    this.versions.set(key, version);
    if (this.keys.length > 0) this.#history.writeBegan(key, version, at);
    return { key, version };
  }

  /** Runs `fault` while all play; reads are judged strictly again once every process is calm. */
  async trouble(fault, heal, forMs) {
    const trouble = { from: now() - this.windowNs, to: Infinity };
    this.#troubles.push(trouble);
    await fault();
    await new Promise((resolve) => setTimeout(resolve, forMs));
    await heal();
    const healedAt = Date.now();
    while (!(await this.all('isCalm')).every(Boolean) && Date.now() - healedAt < 10_000) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const calmAfterMs = Date.now() - healedAt;
    trouble.to = now() + this.windowNs;
    return calmAfterMs;
  }

  /** Judges what was read until `before`, in order; by then it is known when the writes ended that a read may have seen. */
  judge(before = Infinity) {
    this.#reads.sort(([, , , a], [, , , b]) => a - b);
    const end = this.#reads.findIndex(([, , , ended]) => ended > before);
    for (const [key, value, began, ended] of this.#reads.splice(0, end === -1 ? this.#reads.length : end)) {
      this.operations++;
      if (value?.error) {
        this.callerErrors++;
        this.#found(`${key}: ${value.error}`);
        continue;
      }
      if (value === undefined || value === null) continue;
      this.hits++;
      const isTroubled = this.#troubles.some(({ from, to }) => began < to && ended > from);
      const finding =
        value.key !== key
          ? `${key}: a read returned the value of ${value.key}`
          : isTroubled
            ? value.version > this.versions.get(key) && `${key}: version ${value.version} was never written`
            : this.#history.read(key, value.version, began - this.windowNs, ended);
      if (!finding) continue;
      this.impossible++;
      this.#found(finding);
    }
  }

  async close() {
    await Promise.all(this.members.map((member) => member.end()));
    await this.server.close();
  }

  #found(finding) {
    if (this.findings.length < FINDINGS_KEPT) this.findings.push(finding);
  }

  #answer(question, answer, answerLoad) {
    if (question.verb === 'load') {
      this.loads++;
      const value = { key: question.key, version: this.versions.get(question.key) ?? 0 };
      return answerLoad ? answerLoad(question.key, value, answer) : answer(value);
    }
    if (question.verb === 'changed') {
      this.operations++;
      if (question.error) this.callerErrors++;
      this.changeEnded(question.at);
      return answer(null);
    }
    this.#change = this.#change.then(
      () =>
        new Promise((resolve) => {
          const { key, scope } = question;
          const keys =
            scope === undefined ? [key] : this.keys.filter((_, i) => scope === '*' || this.tags[i] === scope);
          const values = keys.map((each) => this.bump(each));
          this.changeEnded = (at) => {
            for (const value of values) this.#history.writeEnded(value.key, value.version, at);
            resolve();
          };
          answer(values.find((value) => value.key === key));
        }),
    );
  }
}
