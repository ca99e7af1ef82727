/* SPDX-License-Identifier: ISC */
#include "tests/fakes/runtime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/log.h"

char fake_log_last[256];
unsigned fake_log_lines;
char fake_log_complaint[256];
unsigned fake_log_complaints;

void assert_failed(const char *expression, const char *file, unsigned line)
{
	/* A test that expects an assertion uses expect_assert_failure(). */
	mock_assert(0, expression, file, (int)line);
	__builtin_trap();
}

void log_write(enum log_level level, const char *module, const char *format, ...)
{
	va_list ap;
	(void)module;
	va_start(ap, format);
	vsnprintf(fake_log_last, sizeof(fake_log_last), format, ap);
	va_end(ap);
	fake_log_lines++;
	if (level > LOG_WARN)
		return;
	memcpy(fake_log_complaint, fake_log_last, sizeof(fake_log_complaint));
	fake_log_complaints++;
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
	snprintf(fake_log_last, sizeof(fake_log_last), "%s: %s", subject, text);
	fake_log_lines++;
}

extern const bool fault_in_words;
WEAK const bool fault_in_words = true;
