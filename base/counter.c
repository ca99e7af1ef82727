/* SPDX-License-Identifier: ISC */
#include "base/counter.h"

#include "base/attr.h"

/* Unless main.c says otherwise. In a file that does not read it (runtime/image.c says why). */
WEAK const bool counters_are_kept = true;

uint32_t counter_of_nothing;
