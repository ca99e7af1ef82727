/* SPDX-License-Identifier: ISC */
/* What the configuration compiler writes for a minimal IPv4, and for no_counters(). */
#include "base/counter.h"
#include "base/inet.h"

const bool inet_has_v6 = false;
const bool inet_is_minimal = true;

#ifdef WITHOUT_COUNTERS
const bool counters_are_kept = false;
#endif
