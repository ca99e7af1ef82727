/* SPDX-License-Identifier: ISC */
/*
 * A mutex of fibers as the two functions that layers below the runtime call (storage/cache).
 */
#ifndef RUNTIME_DISK_DISK_LOCK_H
#define RUNTIME_DISK_DISK_LOCK_H

#include "runtime/fiber/sync.h"

static inline void disk_lock(void *mutex)
{
	mutex_lock(mutex);
}

static inline void disk_unlock(void *mutex)
{
	mutex_unlock(mutex);
}

#endif
