/* SPDX-License-Identifier: ISC */
#include "tests/unit/mdns/rig.h"

struct udp_fake net;
struct mdns mdns;

static uint8_t out[1500];
static struct dns_writer writer;

void pass(uint64_t us)
{
	uint64_t end_us = net.now_us + us;

	for (unsigned i = 0;; i++) {
		uint64_t due_us = mdns_poll(&mdns, net.now_us);
		assert_true(i < 2000);
		if (due_us > end_us)
			break;
		net.now_us = MAX(due_us, net.now_us);
	}
	net.now_us = end_us;
}

int setup_fresh(void **state)
{
	(void)state;
	udp_fake_init(&net, 512);
	assert_int_equal(mdns_init(&mdns, "web", &net.udp, &net.tx, &net.rng, net.work), OK);
	return 0;
}

int setup(void **state)
{
	static const struct mdns_service page = {
		.type = "_http._tcp", .instance = "Page", .txt = "path=/\nv=1", .port = 80};

	setup_fresh(state);
	assert_int_equal(mdns_add_service(&mdns, net.now_us, &page), OK);
	assert_int_equal(mdns_start(&mdns, net.now_us), OK);
	pass(8 * SECOND);
	assert_int_equal(mdns.state, MDNS_RUNNING);
	deafen();
	return 0;
}

int teardown(void **state)
{
	(void)state;
	(void)mdns_stop(&mdns, net.now_us);
	udp_fake_fini(&net);
	return 0;
}

struct dns_name name_of(const char *text)
{
	struct dns_name name = {0};

	while (*text != '\0') {
		size_t len = strcspn(text, ".");
		name.bytes[name.len++] = (uint8_t)len;
		memcpy(name.bytes + name.len, text, len);
		name.len = (uint8_t)(name.len + len);
		text += len + (text[len] == '.');
	}
	name.len++;
	return name;
}

struct dns_writer *message(uint16_t flags)
{
	dns_writer_init(&writer, out, sizeof(out), 0, flags);
	return &writer;
}

void put_question(const char *name, uint16_t type, uint16_t class)
{
	const struct dns_name n = name_of(name);

	dns_put_question(&writer, &n, type, class);
	dns_count(&writer, DNS_QUESTIONS);
}

void put_record(enum dns_section section, const char *owner, uint16_t type, uint16_t class,
		uint32_t ttl_s, const void *data, size_t len)
{
	const struct dns_name n = name_of(owner);
	dns_put_record(&writer, &n, type, class, ttl_s);

	dns_put_bytes(&writer, data, len);
	assert_true(dns_put_end(&writer, section));
}

void put_a(enum dns_section section, const char *owner, uint32_t ttl_s, uint32_t addr)
{
	uint8_t data[4];

	store_be32(data, addr);
	put_record(section, owner, DNS_TYPE_A, DNS_CLASS_IN | MDNS_CLASS_FLUSH, ttl_s, data, 4);
}

void put_ptr(enum dns_section section, const char *owner, uint32_t ttl_s, const char *target)
{
	const struct dns_name n = name_of(owner), t = name_of(target);
	dns_put_record(&writer, &n, DNS_TYPE_PTR, DNS_CLASS_IN, ttl_s);

	dns_put_name(&writer, &t);
	assert_true(dns_put_end(&writer, section));
}

void deliver_from(uint32_t from, uint16_t from_port, uint32_t to)
{
	const struct ip_meta meta = {.src = ip_addr_from_v4(from),
				     .dst = ip_addr_from_v4(to),
				     .proto = IP_PROTO_UDP,
				     .broadcast = to == GROUP};

	assert_false(writer.failed);
	udp_fake_deliver_as(&net, out, writer.len, &meta, from_port, MDNS_PORT);
}

void deliver_message(void)
{
	deliver_from(PEER, MDNS_PORT, GROUP);
}

void ask(const char *name, uint16_t type, uint16_t class)
{
	(void)message(0);
	put_question(name, type, class);
	deliver_message();
}

bool hear(struct heard *h)
{
	const struct udp_fake_sent *s = udp_fake_take(&net);

	if (s == NULL)
		return false;
	assert_int_equal(s->ttl, 255);
	assert_int_equal(s->from_port, MDNS_PORT);
	*h = (struct heard){.id = load_be16(s->bytes),
			    .flags = load_be16(s->bytes + 2),
			    .questions = load_be16(s->bytes + 4),
			    .answers = load_be16(s->bytes + 6),
			    .authorities = load_be16(s->bytes + 8),
			    .additionals = load_be16(s->bytes + 10),
			    .to = ip_addr_v4(&s->to),
			    .to_port = s->to_port,
			    .at_us = s->at_us,
			    .bytes = s->bytes,
			    .len = s->len};
	struct dns_reader r = {.msg = s->bytes, .len = s->len, .at = DNS_HEADER_BYTES};
	assert_true(h->questions <= 1);
	if (h->questions == 1)
		assert_int_equal(dns_question_read(&r, &h->question), OK);
	h->n = h->answers + h->authorities + h->additionals;
	assert_true(h->n <= HEARD_MAX);
	for (unsigned i = 0; i < h->n; i++)
		assert_int_equal(dns_record_read(&r, &h->record[i]), OK);
	assert_int_equal(r.at, s->len);
	return true;
}

void deafen(void)
{
	net.n_sent = net.n_taken = 0;
}

const struct dns_record *find_record(const struct heard *h, const char *owner, uint16_t type)
{
	const struct dns_name name = name_of(owner);

	for (unsigned i = 0; i < h->n; i++) {
		if (h->record[i].type == type && dns_name_equal(&h->record[i].owner, &name))
			return &h->record[i];
	}
	return NULL;
}

void assert_target(const struct heard *h, const struct dns_record *r, size_t skip, const char *name)
{
	const struct dns_name expected = name_of(name);
	struct dns_name target;
	struct dns_reader in = {.msg = h->bytes, .len = h->len, .at = r->data + skip};

	assert_int_equal(dns_name_read(&target, &in), OK);
	assert_true(dns_name_equal(&target, &expected));
	assert_int_equal(in.at, r->data + r->data_bytes);
}
