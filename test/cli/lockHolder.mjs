import { takeLock } from '../../dist/server/cli/outLock.js';

/** Takes the lock named, says whether it has got it, and keeps it until its stdin ends or it is killed. */
try {
  takeLock(process.argv[2], '--out: folder');
  process.stdout.write('held\n');
} catch (error) {
  process.stdout.write(`${error.name}: ${error.message.split('\n')[0]}\n`);
}
process.stdin.resume();
