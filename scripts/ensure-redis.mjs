/**
 * Makes sure that there is a redis-server for the tests: the one in `REDIS_SERVER` or on PATH; else the one of the system's
 * packages, where apt is there and may be used. Its service is not started: tests start servers of their own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findRedis } from './support/redis-server.mjs';

/** Says "no" to whoever would start a service while a package is installed. */
const POLICY = '/usr/sbin/policy-rc.d';

function install() {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return;
  const hadPolicy = existsSync(POLICY);
  if (!hadPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const packages = ['install', '-y', '--no-install-recommends', 'redis-server'];
    if (apt(...packages).status !== 0) {
      apt('update', '-qq');
      apt(...packages);
    }
  } finally {
    if (!hadPolicy) rmSync(POLICY);
  }
}

if (!findRedis()) install();
if (!findRedis()) {
  console.error(
    'The tests of the Redis tier need redis-server 7 or later: install it (`apt-get install redis-server`),',
  );
  console.error('or set REDIS_SERVER to its path.');
  process.exit(1);
}
