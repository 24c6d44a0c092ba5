import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Says "no" to whoever would start a service while a package is installed. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs a package of the system where apt is there and may be used, starting no service of it; else does nothing. */
export function installWithApt(name) {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return;
  console.error(`installing ${name} with apt-get`);
  const hadPolicy = existsSync(POLICY);
  if (!hadPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const packages = ['install', '-y', '--no-install-recommends', name];
    if (apt(...packages).status !== 0) {
      apt('update', '-qq');
      apt(...packages);
    }
  } finally {
    if (!hadPolicy) rmSync(POLICY);
  }
}
