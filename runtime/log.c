/* SPDX-License-Identifier: ISC */
#include "runtime/log.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "hal/timer.h"
#include "runtime/console.h"
#include "runtime/loop.h"

enum { RULES_MAX = 8, MODULE_CHARS = 16 };

struct rule {
	char module[MODULE_CHARS]; /* "*": every other */
	enum log_level level;
};

struct rules {
	struct rule rule[RULES_MAX];
	unsigned n;
};

static struct rules rules;

static bool parse_level(const char *text, size_t len, enum log_level *level)
{
	static const char names[][6] = {"off", "error", "warn", "info", "debug"};
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == len && memcmp(names[i], text, len) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

/* One "MODULE:LEVEL" or "LEVEL" of `len` bytes. */
static enum err parse_rule(struct rules *r, const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);
	size_t module_len = colon != NULL ? (size_t)(colon - text) : 1;
	const char *level = colon != NULL ? colon + 1 : text;
	const char *module = colon != NULL ? text : "*";

	if (r->n == RULES_MAX)
		return ERR_NOMEM;
	struct rule *rule = &r->rule[r->n];
	if (module_len == 0 || module_len >= sizeof(rule->module) ||
	    !parse_level(level, (size_t)(text + len - level), &rule->level))
		return ERR_INVALID;
	memcpy(rule->module, module, module_len);
	rule->module[module_len] = '\0';
	r->n++;
	return OK;
}

enum err log_configure(const char *text)
{
	struct rules fresh = {.n = 0};
	for (;;) {
		size_t len = strcspn(text, ",");
		enum err e = parse_rule(&fresh, text, len);
		if (e != OK)
			return e;
		text += len;
		if (*text == '\0')
			break;
		text++;
	}
	rules = fresh;
	return OK;
}

bool log_shows(enum log_level level, const char *module)
{
	enum log_level limit = LOG_INFO;
	for (unsigned i = 0; i < rules.n; i++) {
		if (strcmp(rules.rule[i].module, module) == 0)
			return level <= rules.rule[i].level;
		if (strcmp(rules.rule[i].module, "*") == 0)
			limit = rules.rule[i].level;
	}
	return level <= limit;
}

void log_write(enum log_level level, const char *module, const char *format, ...)
{
	char line[CONSOLE_LINE_BYTES];
	va_list ap;

	if (!log_shows(level, module))
		return;
	uint64_t ms = time_now_us() / US_PER_MS;
	int n = snprintf(line, sizeof(line), "[%5u.%03u] %.15s: %s", (unsigned)(ms / 1000),
			 (unsigned)(ms % 1000), module,
			 level == LOG_ERROR  ? "error: "
			 : level == LOG_WARN ? "warning: "
					     : "");
	va_start(ap, format);
	/* The message is one line, whatever it holds: the rest of the room less the line feed. */
	size_t len = console_format(line, (size_t)n, format, ap);
	va_end(ap);
	for (size_t i = (size_t)n; i < len; i++) {
		if (line[i] == '\n')
			line[i] = '?';
	}
	console_write(line);
	console_write("\n");
}
