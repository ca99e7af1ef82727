/* SPDX-License-Identifier: ISC */
#include "runtime/log.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/divide.h"
#include "base/text.h"
#include "hal/timer.h"
#include "runtime/console.h"
#include "runtime/start.h"
#include "runtime/time.h"

enum { MODULE_CHARS = 16 };

struct rule {
	const char *module; /* "*": every other; ends at module_len */
	size_t module_len;
	enum log_level level;
};

static const char *rules; /* checked by log_configure(); NULL: the default */

static struct log_sink *sinks;

static bool parse_level(const char *text, size_t len, enum log_level *level)
{
	static const char names[][6] = {"off", "error", "warn", "info", "debug"};
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (text_begins(names[i], text, len) && names[i][len] == '\0') {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

/* Takes one "MODULE:LEVEL" or "LEVEL" off *text. */
static bool next_rule(const char **text, struct rule *r)
{
	const char *level = *text;
	size_t len = strcspn(level, ",:");

	r->module = "*";
	r->module_len = 1;
	if (level[len] == ':') {
		r->module = level;
		r->module_len = len;
		level += len + 1;
		len = strcspn(level, ",");
	}
	*text = level + len;
	return r->module_len > 0 && r->module_len < MODULE_CHARS &&
	       parse_level(level, len, &r->level);
}

static bool rule_names(const struct rule *r, const char *module)
{
	return text_begins(module, r->module, r->module_len) && module[r->module_len] == '\0';
}

enum err log_configure(const char *text)
{
	const char *at = text;
	struct rule r;
	do {
		if (!next_rule(&at, &r))
			return ERR_INVALID;
	} while (*at++ == ',');
	rules = text;
	return OK;
}

bool log_shows(enum log_level level, const char *module)
{
	enum log_level limit = LOG_INFO;
	const char *at = rules;
	struct rule r;
	if (!boot_arguments || rules == NULL)
		return level <= limit;
	do {
		(void)next_rule(&at, &r);
		if (rule_names(&r, module))
			return level <= r.level;
		if (rule_names(&r, "*"))
			limit = r.level;
	} while (*at++ == ',');
	return level <= limit;
}

/* An image without a timer has no time to show. */
static size_t format_time(char *line, size_t bytes)
{
	uint32_t us;
	if (!time_runs())
		return 0;
	unsigned s = (unsigned)divide(time_now_us(), US_PER_S, &us);
	return (size_t)snprintf(line, bytes, "[%5u.%03u] ", s, (unsigned)us / US_PER_MS);
}

/* Without a call of this one the compiler sees that there are none. */
void log_add_sink(struct log_sink *sink)
{
	sink->next = sinks;
	sinks = sink;
}

void log_write_brief(const char *module, const char *subject, const char *text)
{
	const char *part[] = {module, ": ", subject, ": ", text, "\n"};
	for (unsigned i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		console_write(part[i]);
}

GUARDED NO_FLOATS void log_write(enum log_level level, const char *module, const char *format, ...)
{
	char line[CONSOLE_LINE_BYTES];
	va_list ap;

	if (!log_shows(level, module))
		return;
	size_t start = format_time(line, sizeof(line));
	start += (size_t)snprintf(line + start, sizeof(line) - start, "%.15s: %s", module,
				  level == LOG_ERROR  ? "error: "
				  : level == LOG_WARN ? "warning: "
						      : "");
	va_start(ap, format);
	/* The message is one line, whatever it holds: the rest of the room less the line feed. */
	size_t len = console_format(line, start, format, &ap);
	va_end(ap);
	for (size_t i = start; i < len; i++) {
		if (line[i] == '\n')
			line[i] = '?';
	}
	console_write(line);
	console_write("\n");
	for (struct log_sink *s = sinks; s != NULL; s = s->next)
		s->line(s, time_now_us(), level, module, line + start, len - start);
}
