/* SPDX-License-Identifier: ISC */
#include "storage/fat/fat.h"

#define FAT_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct fat_stats, damaged,                                                         \
		"contradictions" COUNTS("Contradictions found on the volume"))                     \
	COUNTER(struct fat_stats, checks,                                                          \
		"checks" COUNTS("Checks of volumes that were left in use"))                        \
	COUNTER(struct fat_stats, lost_clusters,                                                   \
		"lost_clusters" COUNTS("Clusters of nobody, freed"))                               \
	COUNTER(struct fat_stats, repaired, "repaired" COUNTS("Entries that were half changed"))   \
	COUNTER(struct fat_stats, commits, "commits" COUNTS("Times that folders were written"))

const struct counters fat_counters = COUNTERS("fat", FAT_COUNTERS);
