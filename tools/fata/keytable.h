/* SPDX-License-Identifier: ISC */
/*
 * Boot arguments held against a manifest's keys, by the parsers that the image has.
 */
#ifndef TOOLS_FATA_KEYTABLE_H
#define TOOLS_FATA_KEYTABLE_H

#include "base/attr.h"
#include "tools/fata/manifest.h"

/*
 * STATUS_OK if the image would take the words; else, after a message, STATUS_BAD_USAGE for the
 * first that it would not, or STATUS_FAILED if the manifest's keys make no sense.
 */
MUST_USE int keys_check(const struct manifest *m, char *const words[], int count);

#endif
