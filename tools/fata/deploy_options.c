/* SPDX-License-Identifier: ISC */
/*
 * What the options of `fata deploy` mean, and what holds where they are silent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/fata/deploy.h"
#include "tools/fata/fata.h"
#include "tools/fata/keytable.h"
#include "tools/fata/sha256.h"
#include "tools/fata/words.h"

enum { NAME_BYTES_MAX = 64, PRIVILEGED_PORTS = 1024, PRIVILEGED_SHIFT = 8000 };

#define MEMORY_BYTES_MAX (UINT64_C(1) << 44)

bool deploy_is_process(const struct deployment *d)
{
	return d->manifest->machine.qemu[0] == '\0';
}

/* "64M" and the like in bytes, MiB without a letter as QEMU has it; 0 if it is no such size. */
static uint64_t parse_size(const char *text)
{
	char *end;
	unsigned shift = 20;

	if (text[0] < '1' || text[0] > '9')
		return 0;
	errno = 0;
	uint64_t n = strtoull(text, &end, 10);
	if (errno != 0)
		return 0;
	if (*end != '\0') {
		if (strchr("KkMmGg", *end) == NULL || end[1] != '\0')
			return 0;
		if (strchr("Kk", *end) != NULL)
			shift = 10;
		else if (strchr("Gg", *end) != NULL)
			shift = 30;
	}
	return n > MEMORY_BYTES_MAX >> shift ? 0 : n << shift;
}

bool deploy_take_memory(struct deployment *d, const char *text)
{
	d->memory_bytes = parse_size(text);
	if (d->memory_bytes == 0)
		complain_usage("--memory=%s: expected a size such as 64M, up to 16384G", text);
	return d->memory_bytes != 0;
}

/* The rules of Linux for names of interfaces, without what QEMU's options would take apart. */
static bool is_interface(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";
	size_t n = strlen(name);

	return n > 0 && n < IFNAMSIZ && name[0] != '-' && name[0] != '.' &&
	       name[strspn(name, allowed)] == '\0';
}

bool deploy_take_card(struct deployment *d, enum deploy_network network, const char *name)
{
	const char *option = network == DEPLOY_TAP ? "--tap" : "--bridge";

	if (!is_interface(name)) {
		complain_usage("%s=%s: expected the name of an interface, such as %s", option, name,
			       network == DEPLOY_TAP ? "fata0" : "br0");
		return false;
	}
	if (d->card_count == DEPLOY_CARDS_MAX) {
		complain_usage("%s=%s: more than %d interfaces", option, name, DEPLOY_CARDS_MAX);
		return false;
	}
	d->network_word = option;
	d->cards[d->card_count++] = (struct deploy_card){.network = network, .interface = name};
	return true;
}

/* A number from 1 to 65535, then one of `ends` or the end. Returns what follows it, or NULL. */
static const char *parse_port(const char *text, unsigned *port, const char *ends)
{
	char *end;

	if (text[0] < '1' || text[0] > '9')
		return NULL;
	unsigned long n = strtoul(text, &end, 10);
	if (n > 65535 || strchr(ends, *end) == NULL)
		return NULL;
	*port = (unsigned)n;
	return end;
}

/* Cuts "ADDRESS:" off the text. False if there is one that is none. */
static bool take_address(struct deploy_port *p, const char **text)
{
	struct in_addr address;
	const char *colon = strchr(*text, ':');

	if (colon == NULL || strchr(colon + 1, ':') == NULL)
		return true;
	size_t n = (size_t)(colon - *text);
	if (n >= sizeof(p->host_address))
		return false;
	memcpy(p->host_address, *text, n);
	p->host_address[n] = '\0';
	*text = colon + 1;
	return inet_pton(AF_INET, p->host_address, &address) == 1;
}

/* "[ADDRESS:]HOST:GUEST[/udp]" */
static bool parse_publish(struct deploy_port *p, const char *text)
{
	*p = (struct deploy_port){.protocol = "tcp", .host_address = "127.0.0.1"};
	if (!take_address(p, &text))
		return false;
	text = parse_port(text, &p->host, ":");
	if (text == NULL || *text == '\0')
		return false;
	text = parse_port(text + 1, &p->guest, "/");
	if (text == NULL)
		return false;
	if (strcmp(text, "/udp") == 0)
		p->protocol = "udp";
	return *text == '\0' || strcmp(text, "/udp") == 0 || strcmp(text, "/tcp") == 0;
}

bool deploy_take_port(struct deployment *d, const char *text)
{
	d->network_word = "--publish";
	if (strcmp(text, "none") == 0)
		return true;
	if (d->port_count == DEPLOY_PORTS_MAX) {
		complain_usage("--publish=%s: more than %d ports", text, DEPLOY_PORTS_MAX);
		return false;
	}
	if (!parse_publish(&d->ports[d->port_count], text)) {
		complain_usage("--publish=%s: expected [ADDRESS:]HOSTPORT:GUESTPORT[/udp], such as "
			       "8080:80 or 0.0.0.0:8080:80, or 'none'",
			       text);
		return false;
	}
	d->port_count++;
	return true;
}

bool deploy_check_text(const char *what, const char *text)
{
	bool is_good = text_is_printable(text);

	if (!is_good)
		complain("%s must be UTF-8 without control characters", what);
	return is_good;
}

bool deploy_check_name(const char *name)
{
	size_t n = strlen(name);

	if (!deploy_check_text("the name", name))
		return false;
	if (n > 0 && n <= NAME_BYTES_MAX && strchr(name, '/') == NULL && name[0] != '.')
		return true;
	complain("'%s' cannot be the name, which has 1 to %d bytes, no '/' and no dot at its "
		 "beginning; choose one by --name=NAME",
		 name, NAME_BYTES_MAX);
	return false;
}

/*
 * One word: it ends at a blank, and quotes around it or around what is behind its '=' go, as in the
 * image (runtime/args.h). Returns what follows it.
 */
static const char *take_word(struct deployment *d, const char *at)
{
	struct text t = {0};
	bool may_quote = true;

	while (*at != '\0' && *at != ' ') {
		const char *close = may_quote && *at == '"' ? strchr(at + 1, '"') : NULL;
		if (close != NULL && (close[1] == ' ' || close[1] == '\0')) {
			text_bytes(&t, at + 1, (size_t)(close - at) - 1);
			at = close + 1;
			break;
		}
		may_quote = *at == '=';
		text_bytes(&t, at++, 1);
	}
	d->words = reallocate(d->words, (size_t)d->word_count + 2, sizeof(*d->words));
	d->words[d->word_count++] = t.chars;
	d->words[d->word_count] = NULL;
	return at;
}

int deploy_take_args(struct deployment *d, const char *text)
{
	if (!deploy_check_text("--args", text))
		return STATUS_BAD_USAGE;
	for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " "))
		text = take_word(d, text);
	int status = keys_check(d->manifest, d->words, d->word_count);
	if (status != STATUS_OK)
		return status;
	d->args = words_join(d->words, d->word_count);
	return d->args != NULL ? STATUS_OK : STATUS_BAD_USAGE;
}

/* The number that the boot arguments give the key `name`, else `port`. */
static unsigned effective_port(const struct deployment *d, const char *name, unsigned port)
{
	size_t len = strlen(name);

	for (int i = 0; i < d->word_count && len > 0; i++) {
		const char *word = d->words[i];
		unsigned n;
		if (strncmp(word, "--", 2) == 0 && strncmp(word + 2, name, len) == 0 &&
		    word[2 + len] == '=' && parse_port(word + len + 3, &n, "") != NULL)
			port = n;
	}
	return port;
}

/* Every port that the image listens on; one that is reserved on the host moves up. */
static void publish_all(struct deployment *d)
{
	const struct manifest *m = d->manifest;

	for (size_t i = 0; i < m->port_count && d->port_count < DEPLOY_PORTS_MAX; i++) {
		const struct manifest_port *from = &m->ports[i];
		struct deploy_port *p = &d->ports[d->port_count];
		unsigned guest = effective_port(d, from->key, from->port);
		if (guest == 0 || guest > 65535)
			continue;
		*p = (struct deploy_port){
			.protocol = strcmp(from->protocol, "udp") == 0 ? "udp" : "tcp",
			.host_address = "127.0.0.1",
			.host = guest < PRIVILEGED_PORTS ? guest + PRIVILEGED_SHIFT : guest,
			.guest = guest};
		d->port_count++;
	}
}

/* Cards of one network must differ, and those of one name stay the same. */
static void set_macs(struct deployment *d)
{
	for (size_t i = 0; i < d->card_count; i++) {
		char hex[SHA256_HEX_BYTES];
		char *text = text_of("%s %zu", d->name, i);
		sha256_hex(text, strlen(text), hex);
		free(text);
		snprintf(d->cards[i].mac, sizeof(d->cards[i].mac), "52:54:00:%.2s:%.2s:%.2s", hex,
			 hex + 2, hex + 4);
	}
}

static bool complete_memory(struct deployment *d)
{
	const struct manifest *m = d->manifest;

	if (d->memory_bytes == 0 && !deploy_is_process(d)) {
		d->memory_bytes = parse_size(m->machine.memory);
		if (d->memory_bytes == 0) {
			complain("%s does not say how much memory %s has; give --memory=SIZE",
				 m->path, m->board);
			return false;
		}
	}
	if (d->memory_bytes != 0 && d->memory_bytes < m->ram_bytes) {
		complain("%s needs %llu KiB of memory and would have %llu; give --memory=SIZE",
			 m->name, (unsigned long long)(m->ram_bytes / 1024 + 1),
			 (unsigned long long)(d->memory_bytes / 1024));
		return false;
	}
	return true;
}

/* Why the cards that the options name do not fit the image's interfaces; NULL if they do. */
static const char *wrong_cards(const struct deployment *d)
{
	uint64_t wanted = d->manifest->netifs;

	if (wanted > DEPLOY_CARDS_MAX)
		return "more network interfaces than can be deployed";
	if (wanted == 0 && d->network_word[0] != '\0')
		return "no network interface, so no option about the network fits";
	if (d->card_count != 0 && d->card_count != wanted)
		return "another number of network interfaces than --tap and --bridge were given";
	return NULL;
}

static bool complete_cards(struct deployment *d)
{
	const char *wrong = wrong_cards(d);

	if (wrong != NULL) {
		complain("%s has %s", d->manifest->name, wrong);
		return false;
	}
	if (d->card_count != 0 && d->port_count != 0) {
		complain(
			"--publish is for user networking; on a tap or a bridge the guest is reached "
			"at its own address");
		return false;
	}
	while (d->card_count < d->manifest->netifs)
		d->cards[d->card_count++] =
			(struct deploy_card){.network = DEPLOY_USER, .interface = ""};
	return true;
}

bool deploy_complete(struct deployment *d, bool publishes)
{
	if (!complete_memory(d) || !complete_cards(d))
		return false;
	if (d->kvm && (deploy_is_process(d) || d->manifest->machine.machine_kvm[0] == '\0')) {
		complain("--kvm: the processor's virtualization is of no use to board %s",
			 d->manifest->board);
		return false;
	}
	if (publishes && d->card_count > 0 && d->network_word[0] == '\0')
		publish_all(d);
	set_macs(d);
	return true;
}
