/* SPDX-License-Identifier: ISC */
/*
 * Log lines: a level, a module and a message.
 *
 * A file names its module once, before the include: #define LOG_MODULE "tcp".
 * The runtime filters by level and module (--log=tcp:debug,*:info) before it formats,
 * and writes whole lines to the console and to whoever asked for them. Lines from the wire must be
 * rate-limited by a counter: log the first of a kind, count the rest. Not for interrupt handlers.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum log_level {
	LOG_OFF,
	LOG_ERROR, /* something that the operator must act on */
	LOG_WARN,  /* something odd that the system copes with */
	LOG_INFO,  /* what a person wants to see at each start */
	LOG_DEBUG, /* what a developer wants to see */
};

/* Formats and writes one line; the line feed is added. runtime/ provides it; tests fake it. */
PRINTF(3, 4) void log_write(enum log_level level, const char *module, const char *format, ...);

/* Somebody who is given the lines besides the console. The members are set before it is added. */
struct log_sink {
	struct log_sink *next; /* the runtime's */
	/*
	 * A line was written at `now_us`: its message, `len` bytes without control characters, and
	 * whence it came; all borrowed. It must not log anything itself.
	 */
	void (*line)(struct log_sink *sink, uint64_t now_us, enum log_level level,
		     const char *module, const char *text, size_t len);
};

/* Gives `sink`, which lives on, all lines from now on. */
void log_add_sink(struct log_sink *sink);

/* Whether the image has a log: a constant, so that the linker leaves out what is said in one. */
extern const bool log_is_kept;

/*
 * Whether an image without a log says at least the few lines of log_info_brief() and the like,
 * without the numbers that the others are formatted with. A constant, too.
 */
extern const bool log_is_brief;

/* Writes the line "module: subject: text", all borrowed, as the brief log has it. */
void log_write_brief(const char *module, const char *subject, const char *text);

#ifdef LOG_MODULE
#define log_line(level, ...)                                                                       \
	do {                                                                                       \
		if (log_is_kept)                                                                   \
			log_write(level, LOG_MODULE, __VA_ARGS__);                                 \
	} while (0)
#define log_line_brief(level, subject, text, ...)                                                  \
	do {                                                                                       \
		log_line(level, __VA_ARGS__);                                                      \
		if (log_is_brief)                                                                  \
			log_write_brief(LOG_MODULE, subject, text);                                \
	} while (0)
#define log_error(...)                      log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)                       log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)                       log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...)                      log_line(LOG_DEBUG, __VA_ARGS__)
/* What is in the brief log `subject` and `text` is formatted by the rest in the whole one. */
#define log_error_brief(subject, text, ...) log_line_brief(LOG_ERROR, subject, text, __VA_ARGS__)
#define log_warn_brief(subject, text, ...)  log_line_brief(LOG_WARN, subject, text, __VA_ARGS__)
#define log_info_brief(subject, text, ...)  log_line_brief(LOG_INFO, subject, text, __VA_ARGS__)
#endif

#endif
