/* SPDX-License-Identifier: ISC */
/* A scenario and how far it came, in words: what one wants to know of a seed that failed. */
#include "tests/unit/properties/tests.h"

#include "base/bytes.h"
#include "tests/fakes/frames.h"

#define PRINT(...) print_error("    " __VA_ARGS__)

static void describe_link(const char *name, const struct link_direction *d)
{
	const struct link_conditions *c = &d->wire.conditions;
	const struct link_wire_stats *w = &d->wire.stats;
	PRINT("%s: loss %u ppm, bursts %llu/%llu us of %u ppm, twice %u ppm, damage %u ppm, "
	      "reorder %u ppm by %llu us, delay %llu+%llu us, %llu B/s, queue %u B\n",
	      name, c->loss_ppm, (unsigned long long)c->good_us, (unsigned long long)c->bad_us,
	      c->bad_loss_ppm, c->duplicate_ppm, c->corrupt_ppm, c->reorder_ppm,
	      (unsigned long long)c->reorder_us, (unsigned long long)c->delay_us,
	      (unsigned long long)c->jitter_us, (unsigned long long)c->rate_bytes_per_s,
	      c->queue_bytes);
	PRINT("    sent %llu, arrived %llu; lost %u, in bursts %u, queue full %u, too long %u, "
	      "no room %u; twice %u, damaged %u, reordered %u\n",
	      (unsigned long long)w->sent, (unsigned long long)w->delivered, w->lost,
	      w->lost_in_burst, w->queue_full, w->too_long, w->no_room, w->duplicated, w->corrupted,
	      w->reordered);
}

static void describe_host(const char *name, const struct sim_host *h, const struct tcp_config *c)
{
	const struct tcp_stats *t = tcp_stats(h->tcp);
	PRINT("%s: features %#x, MTU %u; TCP: %u connections, %u half open, %u TIME-WAIT, %u send "
	      "slices, %u B to send, %u B to receive in %u packets, user timeout %u s%s\n",
	      name, h->rig.fake.netif.features, h->rig.fake.netif.mtu, c->connections, c->half_open,
	      c->time_wait, c->send_slices, c->send_bytes, c->recv_bytes, c->recv_packets,
	      c->user_timeout_s, c->cookies ? ", cookies" : "");
	PRINT("    segments %llu in, %llu out; retransmits %u, timeouts %u, out of order %u, "
	      "duplicates %u, bad checksum %u, bad sequence %u, SYN dropped %u, RST %u in, %u out, "
	      "out of memory %u; rx drops %u\n",
	      (unsigned long long)t->segments_in, (unsigned long long)t->segments_out,
	      t->retransmits, t->timeouts, t->out_of_order, t->duplicates, t->bad_checksum,
	      t->bad_sequence, t->syn_dropped, t->resets_in, t->resets_out, t->out_of_memory,
	      h->rig.fake.netif.stats.rx_dropped);
}

static void describe_party(const char *name, const struct party *p)
{
	PRINT("  %s: wrote %zu of %zu (%s, at most %zu a call), read %zu of %zu (at most %zu)%s%s%s"
	      "%s, error %d, pauses %u ppm up to %llu us, abort at %llu, over at %llu\n",
	      name, p->out_done, p->out_bytes, p->copy ? "copied" : "slices", p->write_max,
	      p->in_done, p->in_bytes, p->read_max, p->shut ? ", ended" : "",
	      p->eof ? ", has the end" : "", p->over ? ", closed" : "",
	      p->aborted   ? ", aborted"
	      : p->answers ? ", answers"
			   : "",
	      p->error, p->pause_ppm, (unsigned long long)p->pause_max_us,
	      (unsigned long long)p->abort_us, (unsigned long long)p->over_us);
}

void world_describe(const struct scenario *s)
{
	PRINT("from %llu to %llu us\n", (unsigned long long)s->start_us,
	      (unsigned long long)world.sim.now_us);
	describe_link("to server", &world.sim.direction[0]);
	describe_link("to client", &world.sim.direction[1]);
	describe_host("client", &world.host[0], &s->tcp[0]);
	describe_host("server", &world.host[1], &s->tcp[1]);
	for (unsigned i = 0; i < s->connections; i++) {
		PRINT("connection %u by %s: %s\n", i, world.connection[i].v6 ? "IPv6" : "IPv4",
		      connection_fault(&world.connection[i]) != NULL ? "wrong" : "good");
		describe_party("client", &world.connection[i].client);
		describe_party("server", &world.connection[i].server);
	}
}

void seed_failed(uint64_t seed, const char *fault)
{
	print_error("seed %llu: %s; see it again: %s --seed=%llu --trace\n",
		    (unsigned long long)seed, fault, options.program, (unsigned long long)seed);
}

static void print_segment(uint64_t now_us, const char *way, const uint8_t *tcp, size_t bytes,
			  bool lost)
{
	PRINT("%llu %s %u>%u %s%s%s%s%s seq %u ack %u window %u, %zu bytes%s\n",
	      (unsigned long long)now_us, way, load_be16(tcp), load_be16(tcp + 2),
	      tcp[13] & 2 ? "S" : "", tcp[13] & 1 ? "F" : "", tcp[13] & 4 ? "R" : "",
	      tcp[13] & 8 ? "P" : "", tcp[13] & 16 ? "." : "", load_be32(tcp + 4),
	      load_be32(tcp + 8), load_be16(tcp + 14), bytes - (tcp[12] >> 4) * 4u,
	      lost ? " LOST" : "");
}

static void print_frame(void *self, uint64_t now_us, const uint8_t *frame, size_t len, bool lost)
{
	size_t bytes;
	const uint8_t *tcp = frame_tcp(frame, len, &bytes);
	world_notice(*(const char *)self == '<', now_us, frame, len, lost);
	if (tcp != NULL)
		print_segment(now_us, self, tcp, bytes, lost);
	else
		PRINT("%llu %s type %04x, %zu bytes%s\n", (unsigned long long)now_us,
		      (const char *)self, load_be16(frame + 12), len, lost ? " LOST" : "");
}

void world_trace(void)
{
	static char to_server[] = ">", to_client[] = "<";
	world.sim.direction[0].tap = print_frame;
	world.sim.direction[0].tap_self = to_server;
	world.sim.direction[1].tap = print_frame;
	world.sim.direction[1].tap_self = to_client;
}
