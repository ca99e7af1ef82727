/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/multihome/multihome.h"
#include "net/udp/udp.h"

#define ADDR_A  UINT32_C(0x0a000201)
#define ADDR_B  UINT32_C(0x0a000301)
#define ADDR_C  UINT32_C(0x0a000401)
#define NOBODY  UINT32_C(0x0a000901)
#define ON_B    UINT32_C(0x0a000307)
#define FAR     UINT32_C(0xc0000201)
#define A_GROUP UINT32_C(0xef010203)

enum { MEMBERS = 3, PACKETS = 4, BUF = 256, PROTO = 253 };

/* A layer that notes what it is asked. */
struct layer {
	struct ip ip;
	uint32_t addr;
	uint8_t bits; /* of its link; its default route is of 0 bits, if it has one */
	bool has_default;
	enum err no_way; /* what it answers otherwise */
	enum err bind_error, join_error;
	ip_input_fn *input;
	void *self;
	unsigned outputs, unreachables, joined;
};

static struct layer layer[MEMBERS];
static struct multihome m;
static struct pkt_pool pool;
static _Alignas(CACHE_LINE_BYTES) uint8_t memory[PKT_POOL_BYTES(PACKETS, BUF)];
static unsigned inputs;

static struct layer *of(struct ip *ip)
{
	return container_of(ip, struct layer, ip);
}

static enum err bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
		     void *self)
{
	(void)proto, (void)error;
	of(ip)->input = input;
	of(ip)->self = self;
	return of(ip)->bind_error;
}

static enum err route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	struct layer *l = of(ip);
	bool on_link = (ip_addr_v4(dst) ^ l->addr) >> (32 - l->bits) == 0;
	if (!on_link && !l->has_default)
		return l->no_way;
	*out = (struct ip_route){
		.src = ip_addr_from_v4(l->addr), .mtu = 1500, .prefix_bits = on_link ? l->bits : 0};
	return OK;
}

static enum err output(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	(void)now_us;
	assert_int_equal(ip_addr_v4(&meta->src), of(ip)->addr);
	of(ip)->outputs++;
	pkt_put(p);
	return OK;
}

static void unreachable(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	(void)now_us, (void)meta;
	assert_int_equal(why, IP_UNREACHABLE_PORT);
	of(ip)->unreachables++;
	pkt_put(p);
}

static enum err join(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	(void)now_us, (void)group;
	of(ip)->joined += of(ip)->join_error == OK;
	return of(ip)->join_error;
}

static void leave(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	(void)now_us, (void)group;
	if (of(ip)->join_error != ERR_UNSUPPORTED) /* as net/ipv4 without groups */
		of(ip)->joined--;
}

static struct ip *owner(struct ip *ip, const struct ip_addr *addr)
{
	return ip_addr_v4(addr) == of(ip)->addr ? ip : NULL;
}

static int setup(void **state)
{
	static const struct ip_ops ops = {.bind = bind,
					  .route = route,
					  .output = output,
					  .unreachable = unreachable,
					  .join = join,
					  .leave = leave,
					  .owner = owner};
	static const uint32_t addr[MEMBERS] = {ADDR_A, ADDR_B, ADDR_C};
	struct ip *ip[MEMBERS];
	(void)state;
	pkt_pool_init(&pool, memory, PACKETS, BUF);
	for (unsigned i = 0; i < MEMBERS; i++) {
		layer[i] = (struct layer){
			.ip.ops = &ops, .addr = addr[i], .bits = 24, .no_way = ERR_UNREACHABLE};
		ip[i] = &layer[i].ip;
	}
	inputs = 0;
	multihome_init(&m, ip, MEMBERS);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(pool.pool.used, 0);
	return 0;
}

/* The source address of the way to `dst`, or 0 and the error. */
static uint32_t source_to(uint32_t dst, enum err *e)
{
	struct ip_addr to = ip_addr_from_v4(dst);
	struct ip_route r;
	*e = ip_route(&m.ip, &to, &r);
	return *e == OK ? ip_addr_v4(&r.src) : 0;
}

static void the_most_specific_way_is_taken(void **state)
{
	(void)state;
	enum err e;
	layer[2].has_default = true;
	assert_int_equal(source_to(ON_B, &e), ADDR_B);
	assert_int_equal(source_to(FAR, &e), ADDR_C);
	layer[1].has_default = true; /* of equal ones the first */
	assert_int_equal(source_to(FAR, &e), ADDR_B);
	layer[0].bits = 8; /* ON_B is on its link too, but of a shorter prefix */
	assert_int_equal(source_to(ON_B, &e), ADDR_B);
}

static void without_a_way_the_hopeful_reason_is_told(void **state)
{
	(void)state;
	enum err e;
	assert_int_equal(source_to(FAR, &e), 0);
	assert_int_equal(e, ERR_UNREACHABLE);
	layer[1].no_way = ERR_NOTREADY; /* it may get an address yet */
	assert_int_equal(source_to(FAR, &e), 0);
	assert_int_equal(e, ERR_NOTREADY);
	layer[2].has_default = true;
	assert_int_equal(source_to(FAR, &e), ADDR_C);
}

static enum err send_from(uint32_t src, uint32_t dst)
{
	const struct ip_meta meta = {
		.src = ip_addr_from_v4(src), .dst = ip_addr_from_v4(dst), .proto = PROTO};
	struct pkt *p = pkt_alloc(&pool, 128);
	enum err e = ip_output(&m.ip, 1, p, &meta);
	if (e != OK)
		pkt_put(p);
	return e;
}

static void a_packet_leaves_by_the_owner_of_its_source(void **state)
{
	(void)state;
	assert_int_equal(send_from(ADDR_A, ON_B), OK); /* whatever the destination */
	assert_int_equal(send_from(ADDR_C, ON_B), OK);
	assert_int_equal(layer[0].outputs, 1);
	assert_int_equal(layer[1].outputs, 0);
	assert_int_equal(layer[2].outputs, 1);
	assert_int_equal(send_from(NOBODY, ON_B), ERR_INVALID);
}

static void a_way_from_an_address_is_its_owners(void **state)
{
	(void)state;
	struct ip_addr to = ip_addr_from_v4(FAR), from = ip_addr_from_v4(ADDR_B);
	struct ip_addr nobody = ip_addr_from_v4(NOBODY);
	struct ip_route r;
	layer[0].has_default = true;
	assert_int_equal(ip_route_from(&m.ip, &from, &to, &r), ERR_UNREACHABLE);
	layer[1].has_default = true;
	assert_int_equal(ip_route_from(&m.ip, &from, &to, &r), OK);
	assert_int_equal(ip_addr_v4(&r.src), ADDR_B);
	assert_int_equal(ip_route_from(&m.ip, &nobody, &to, &r), ERR_INVALID);
	assert_true(ip_owns(&m.ip, &from));
	assert_false(ip_owns(&m.ip, &nobody));
}

static void a_transport_is_bound_to_all(void **state)
{
	(void)state;
	struct udp udp;
	assert_int_equal(udp_init(&udp, &m.ip, NULL), OK);
	for (unsigned i = 0; i < MEMBERS; i++)
		assert_ptr_equal(layer[i].self, &udp);
	layer[1].bind_error = ERR_EXISTS;
	assert_int_equal(udp_init(&udp, &m.ip, NULL), ERR_EXISTS);
}

static void who_received_it_answers_that_nobody_is_there(void **state)
{
	(void)state;
	struct ip_meta meta = {
		.src = ip_addr_from_v4(FAR), .dst = ip_addr_from_v4(ADDR_B), .proto = PROTO};
	ip_unreachable(&m.ip, 1, pkt_alloc(&pool, 128), &meta, IP_UNREACHABLE_PORT);
	assert_int_equal(layer[1].unreachables, 1);
	meta.dst = ip_addr_from_v4(A_GROUP); /* what was sent to many is not answered */
	ip_unreachable(&m.ip, 1, pkt_alloc(&pool, 128), &meta, IP_UNREACHABLE_PORT);
	assert_int_equal(layer[0].unreachables + layer[1].unreachables + layer[2].unreachables, 1);
}

static void groups_are_joined_at_all_or_none(void **state)
{
	(void)state;
	const struct ip_addr group = ip_addr_from_v4(A_GROUP);
	layer[0].join_error = ERR_UNSUPPORTED; /* of another family, say */
	assert_int_equal(ip_join(&m.ip, 1, &group), OK);
	ip_leave(&m.ip, 1, &group);
	assert_int_equal(layer[1].joined + layer[2].joined, 0);
	layer[2].join_error = ERR_NOMEM;
	assert_int_equal(ip_join(&m.ip, 1, &group), ERR_NOMEM);
	assert_int_equal(layer[1].joined, 0);
	layer[1].join_error = layer[2].join_error = ERR_UNSUPPORTED;
	assert_int_equal(ip_join(&m.ip, 1, &group), ERR_UNSUPPORTED);
}

static void members_are_bounded(void **state)
{
	(void)state;
	struct ip *many[MULTIHOME_MEMBERS_MAX + 1] = {NULL};
	expect_assert_failure(multihome_init(&m, many, MULTIHOME_MEMBERS_MAX + 1));
	expect_assert_failure(multihome_init(&m, many, 0));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_most_specific_way_is_taken),
		TEST(without_a_way_the_hopeful_reason_is_told),
		TEST(a_packet_leaves_by_the_owner_of_its_source),
		TEST(a_way_from_an_address_is_its_owners),
		TEST(a_transport_is_bound_to_all),
		TEST(who_received_it_answers_that_nobody_is_there),
		TEST(groups_are_joined_at_all_or_none),
		TEST(members_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
