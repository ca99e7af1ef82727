/* SPDX-License-Identifier: ISC */
/*
 * What TCP makes of a link that loses: bytes that the reader had, over the virtual time from SYN to
 * the end of the stream. One direction, 1 MiB, 100 Mbit/s, 50 ms each way, each cell over the same
 * seeds.
 */
#include "tests/unit/properties/tests.h"

#include <stdlib.h>

enum { RUNS = 25, DELAY_MS = 50, WORST_S = 7200, RATE = 12500000, QUEUE_BYTES = 1 << 19 };

struct cell {
	uint64_t bytes_per_s[RUNS];
	uint64_t retransmits, timeouts, unfinished;
};

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void run_once(struct cell *cell, unsigned run, uint32_t loss_ppm, uint32_t window)
{
	struct scenario s;
	scenario_plain(&s, run + 1);
	for (unsigned i = 0; i < 2; i++) {
		s.link[i] = (struct link_conditions){.delay_us = DELAY_MS * US_PER_MS,
						     .loss_ppm = loss_ppm,
						     .rate_bytes_per_s = RATE,
						     .queue_bytes = QUEUE_BYTES};
		s.tcp[i].send_bytes = s.tcp[i].recv_bytes = window;
		s.tcp[i].recv_packets = 192;
	}
	s.connections = 1;
	struct party *reader = &world.connection[0].server;
	connection_plain(&world.connection[0], STREAM_BYTES_MAX, 0);
	world_start(&s);
	while (!world_is_over() && world.sim.now_us < s.start_us + WORST_S * (uint64_t)US_PER_S)
		link_sim_run(&world.sim, world.sim.now_us + US_PER_S);
	if (reader->in_done < STREAM_BYTES_MAX)
		cell->unfinished++;
	else
		cell->bytes_per_s[run] = (uint64_t)STREAM_BYTES_MAX * US_PER_S /
					 (reader->over_us - s.start_us);
	cell->retransmits += tcp_stats(world.host[0].tcp)->retransmits;
	cell->timeouts += tcp_stats(world.host[0].tcp)->timeouts;
	(void)world_end();
	world_stop();
}

static void print_row(uint32_t loss_ppm, uint32_t window)
{
	struct cell cell = {0};
	for (unsigned run = 0; run < RUNS; run++)
		run_once(&cell, run, loss_ppm, window);
	qsort(cell.bytes_per_s, RUNS, sizeof(cell.bytes_per_s[0]), compare);
	printf("%5u.%u %% %7u KiB %11llu %11llu %11llu %11.1f %9.1f %10llu\n", loss_ppm / 10000,
	       loss_ppm / 1000 % 10, window / 1024, (unsigned long long)cell.bytes_per_s[0] / 1000,
	       (unsigned long long)cell.bytes_per_s[RUNS / 2] / 1000,
	       (unsigned long long)cell.bytes_per_s[RUNS - 1] / 1000,
	       (double)cell.retransmits / RUNS, (double)cell.timeouts / RUNS,
	       (unsigned long long)cell.unfinished);
}

int goodput_print(void)
{
	static const uint32_t loss_ppm[] = {0, 1000, 10000, 20000, 50000};
	static const uint32_t windows[] = {64 * 1024, 256 * 1024};
	printf("1 MiB one way, 100 Mbit/s, %u ms each way, loss in both directions, %u seeds\n",
	       DELAY_MS, RUNS);
	printf("   loss       window  worst kB/s median kB/s   best kB/s retransmits  timeouts "
	       "unfinished\n");
	for (unsigned w = 0; w < ARRAY_SIZE(windows); w++) {
		for (unsigned i = 0; i < ARRAY_SIZE(loss_ppm); i++)
			print_row(loss_ppm[i], windows[w]);
	}
	return 0;
}
