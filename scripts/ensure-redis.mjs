/**
 * Makes sure that there is a redis-server for the tests: the one in `REDIS_SERVER` or on PATH; else the one of the system's
 * packages, where apt is there and may be used. Its service is not started: tests start servers of their own.
 */
import { installWithApt } from './support/apt.mjs';
import { findRedis } from './support/redis-server.mjs';

if (!findRedis()) installWithApt('redis-server');
if (!findRedis()) {
  console.error(
    'The tests of the Redis tier need redis-server 7 or later: install it (`apt-get install redis-server`),',
  );
  console.error('or set REDIS_SERVER to its path.');
  process.exit(1);
}
