/* SPDX-License-Identifier: ISC */
/*
 * What an image is unless its main.c says otherwise. In a file that reads none of it: the compiler
 * puts the value that it sees in the place of a constant, though a weak one is another in some
 * images.
 */
#include "arch/fault.h"
#include "base/attr.h"
#include "base/log.h"
#include "hal/board.h"
#include "runtime/start.h"

/* An image whose keys are constants says otherwise, and the linker leaves the parsers out. */
WEAK const bool boot_arguments = true;
WEAK const bool fault_in_words = true;
WEAK const bool log_is_kept = true;
WEAK const bool log_is_brief = false;
WEAK const bool console_is_read = true;
