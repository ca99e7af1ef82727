/* SPDX-License-Identifier: ISC */
/*
 * Which log lines are shown (base/log.h writes them).
 *
 * A line is "[    0.012] tcp: message", the time in seconds since the image was entered (in an
 * image without a timer "tcp: message"); an error or a warning says so in words. Without
 * configuration, lines up to LOG_INFO of every module are shown.
 */
#ifndef RUNTIME_LOG_H
#define RUNTIME_LOG_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/log.h"

/*
 * Sets levels from "tcp:debug,*:info": MODULE:LEVEL with commas between, a level being off, error,
 * warn, info or debug, and * every module that is not named. A level alone counts for all. The
 * text is kept: it must live on. ERR_INVALID for one of another form; then nothing has changed.
 */
MUST_USE enum err log_configure(const char *text);

/* True if a line of `level` of `module` would be shown: to skip costly preparations. */
bool log_shows(enum log_level level, const char *module);

#endif
