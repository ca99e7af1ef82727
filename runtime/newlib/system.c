/* SPDX-License-Identifier: ISC */
/*
 * How C programs end, in terms of the runtime.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/attr.h"
#include "runtime/panic.h"
#include "runtime/start.h"

USED void abort(void)
{
	panic("abort() was called");
}

/* Nothing is registered to be called at the end: an image that ends, ends. */
void exit(int status)
{
	stop(status & 0xff);
}

void _exit(int status)
{
	stop(status & 0xff);
}
