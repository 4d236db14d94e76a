// `npm run lock`, after each `npm install` that changed the lock file: makes it whole for every platform.
import { readLock, writeLock } from './lock/lockfile.ts';
import { absentPlatforms, withPlatforms } from './lock/platforms.ts';

const lock = readLock();
const absent = absentPlatforms(lock);
if (absent.length > 0) writeLock(withPlatforms(lock, absent));
console.log(`${absent.length} platform packages added to package-lock.json`);
