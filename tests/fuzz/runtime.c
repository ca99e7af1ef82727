/* SPDX-License-Identifier: ISC */
/*
 * What the runtime provides to lower rooms, as fuzzers see it: log lines go nowhere, and a failed
 * assertion is a find.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/log.h"

void assert_failed(const char *expression, const char *file, unsigned line)
{
	fprintf(stderr, "%s:%u: assertion failed: %s\n", file, line, expression);
	abort();
}

void log_write(enum log_level level, const char *module, const char *format, ...)
{
	(void)level, (void)module, (void)format;
}

/* Of interfaces nothing is known beforehand (hal/netif.h). */
extern const uint32_t netif_features_any, netif_features_all;
WEAK const uint32_t netif_features_any = UINT32_MAX;
WEAK const uint32_t netif_features_all = 0;

WEAK const bool log_is_kept = true;
WEAK const bool log_is_brief = false;

void log_write_brief(const char *module, const char *subject, const char *text)
{
	(void)module;
	(void)subject;
	(void)text;
}
