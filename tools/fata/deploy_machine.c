/* SPDX-License-Identifier: ISC */
/*
 * The command of a deployment. The machine's words come from the manifest, so a board that QEMU
 * knows needs nothing here.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/fata/deploy.h"
#include "tools/fata/fata.h"

/* Takes `text`. */
static struct command_word *add_taken(struct command *c, char *text)
{
	c->words = reallocate(c->words, c->count + 1, sizeof(*c->words));
	c->words[c->count] = (struct command_word){.text = text};
	return &c->words[c->count++];
}

static void add(struct command *c, const char *text)
{
	add_taken(c, duplicate(text));
}

/* An option with its value, which it takes. */
static struct command_word *add_option(struct command *c, const char *name, char *value)
{
	add_taken(c, duplicate(name))->begins_option = true;
	return add_taken(c, value);
}

/* Words that blanks separate. */
static void add_words(struct command *c, const char *text)
{
	for (;;) {
		text += strspn(text, " ");
		size_t n = strcspn(text, " ");
		if (n == 0)
			return;
		add_taken(c, text_of("%.*s", (int)n, text))->begins_option = text[0] == '-';
		text += n;
	}
}

char *deploy_netdev(const struct deployment *d, size_t index)
{
	const struct deploy_card *card = &d->cards[index];
	struct text t = {0};

	if (card->network == DEPLOY_TAP)
		return text_of("tap,id=n%zu,ifname=%s,script=no,downscript=no", index,
			       card->interface);
	if (card->network == DEPLOY_BRIDGE)
		return text_of("bridge,id=n%zu,br=%s", index, card->interface);
	text_add(&t, "user,id=n%zu", index);
	/* 10.0.2.15 is the first address that QEMU's DHCP gives, and the image's own without one.
	 */
	for (size_t i = 0; i < d->port_count && index == 0; i++) {
		const struct deploy_port *p = &d->ports[i];
		text_add(&t, ",hostfwd=%s:%s:%u-10.0.2.15:%u", p->protocol, p->host_address,
			 p->host, p->guest);
	}
	return t.chars;
}

char *deploy_net_device(const struct deployment *d, size_t index)
{
	return text_of("%s,netdev=n%zu,mac=%s", d->manifest->machine.net, index,
		       d->cards[index].mac);
}

/* In an option of QEMU that has several values, a comma in one is written twice. A new string. */
static char *guest_name(const char *name)
{
	struct text t = {0};

	text_add(&t, "guest=");
	for (; *name != '\0'; name++) {
		if (*name == ',')
			text_bytes(&t, ",", 1);
		text_bytes(&t, name, 1);
	}
	return t.chars;
}

static char *memory_size(uint64_t bytes)
{
	if (bytes % (1u << 20) == 0)
		return text_of("%lluM", (unsigned long long)(bytes >> 20));
	return text_of("%lluK", (unsigned long long)(bytes >> 10));
}

void command_of_qemu(struct command *c, const struct deployment *d)
{
	const struct manifest_machine *m = &d->manifest->machine;

	*c = (struct command){0};
	add(c, m->qemu);
	add_words(c, d->kvm ? m->machine_kvm : m->machine);
	add_option(c, "-name", guest_name(d->name));
	add_option(c, "-m", memory_size(d->memory_bytes));
	add_words(c, "-nodefaults");
	add(c, "-no-reboot");
	add_option(c, "-display", duplicate("none"));
	add(c, "-monitor");
	add(c, "none");
	add(c, "-serial");
	add(c, "stdio");
	add_words(c, m->exit);
	add_words(c, m->devices);
	for (size_t i = 0; i < d->card_count; i++) {
		add_option(c, "-netdev", deploy_netdev(d, i));
		add_option(c, "-device", deploy_net_device(d, i));
	}
	add_option(c, "-kernel", duplicate(d->kernel))->is_kernel = true;
	if (d->args[0] != '\0')
		add_option(c, "-append", duplicate(d->args));
}

void command_of_process(struct command *c, const struct deployment *d)
{
	*c = (struct command){0};
	add_taken(c, duplicate(d->kernel))->is_kernel = true;
	for (size_t i = 0; i < d->card_count; i++)
		add_taken(c, text_of("--tap=%s", d->cards[i].interface))->begins_option = true;
	if (d->memory_bytes != 0)
		add_taken(c, text_of("--memory=%lluk", (unsigned long long)(d->memory_bytes >> 10)))
			->begins_option = true;
	for (int i = 0; i < d->word_count; i++)
		add_taken(c, duplicate(d->words[i]))->begins_option = true;
}

void command_free(struct command *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->words[i].text);
	free(c->words);
	*c = (struct command){0};
}

/* Cuts "virt,gic-version=host" at its first comma. */
static void cut(char *word, const char **name, const char **options)
{
	char *comma = strchr(word, ',');

	*name = word;
	*options = "";
	if (comma != NULL) {
		*comma = '\0';
		*options = comma + 1;
	}
}

/* "1,maxcpus=2" */
static void parse_smp(struct qemu_machine *m, const char *word)
{
	enum { CPUS_MAX = 256 };
	const char *most = strstr(word, "maxcpus=");
	unsigned long cpus = strtoul(word, NULL, 10), cpus_max;

	cpus = cpus < 1 || cpus > CPUS_MAX ? 1 : cpus;
	cpus_max = most != NULL ? strtoul(most + strlen("maxcpus="), NULL, 10) : cpus;
	m->cpus = (unsigned)cpus;
	m->cpus_max = (unsigned)(cpus_max < cpus || cpus_max > CPUS_MAX ? cpus : cpus_max);
}

static void take_machine_word(struct qemu_machine *m, const char *option, char *value)
{
	if (strcmp(option, "-M") == 0 || strcmp(option, "-machine") == 0)
		cut(value, &m->type, &m->type_options);
	else if (strcmp(option, "-cpu") == 0)
		cut(value, &m->cpu, &m->cpu_options);
	else if (strcmp(option, "-smp") == 0)
		parse_smp(m, value);
}

void qemu_machine_parse(struct qemu_machine *m, const struct deployment *d)
{
	const struct manifest_machine *from = &d->manifest->machine;
	char *rest = NULL;

	*m = (struct qemu_machine){.storage = duplicate(d->kvm ? from->machine_kvm : from->machine),
				   .type = "",
				   .type_options = "",
				   .cpu = "",
				   .cpu_options = "",
				   .cpus = 1,
				   .cpus_max = 1};
	const char *option = "";
	for (char *word = strtok_r(m->storage, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest)) {
		take_machine_word(m, option, word);
		option = word;
	}
}

void qemu_machine_free(struct qemu_machine *m)
{
	free(m->storage);
	*m = (struct qemu_machine){0};
}
