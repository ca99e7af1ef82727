/* SPDX-License-Identifier: ISC */
#include "base/err.h"

#include "base/text.h"

/* A list (base/text.h), in the order of the numbers. */
static const char texts[] = "ok\0"
			    "invalid\0"
			    "out of range\0"
			    "out of memory\0"
			    "try again\0"
			    "timed out\0"
			    "device fault\0"
			    "no such device\0"
			    "not found\0"
			    "already exists\0"
			    "not supported\0"
			    "end of stream\0"
			    "closed\0"
			    "connection reset\0"
			    "connection refused\0"
			    "unreachable\0"
			    "not ready\0"
			    "cancelled\0"
			    "full\0"
			    "read-only\0"
			    "damaged\0";

const char *err_str(enum err e)
{
	if (e > OK || e < ERR_DAMAGED)
		return "unknown error";
	return text_at(texts, (unsigned)-e);
}
