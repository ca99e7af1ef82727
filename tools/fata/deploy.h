/* SPDX-License-Identifier: ISC */
/*
 * What `fata deploy` is about to write: one image with the decisions of its options, checked, and
 * the formats that turn it into files.
 *
 * Names, paths and boot arguments come from outside. They are UTF-8 without control characters when
 * a format sees them; otherwise they may hold anything, so a format quotes whatever it writes. The
 * same deployment always gives the same bytes.
 */
#ifndef TOOLS_FATA_DEPLOY_H
#define TOOLS_FATA_DEPLOY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "tools/fata/deploy_text.h"
#include "tools/fata/manifest.h"

enum { DEPLOY_CARDS_MAX = 8, DEPLOY_PORTS_MAX = 32 };

enum deploy_network { DEPLOY_USER, DEPLOY_TAP, DEPLOY_BRIDGE };

struct deploy_card {
	enum deploy_network network;
	const char *interface; /* of the host: a tap or a bridge; "" for DEPLOY_USER */
	char mac[18];          /* "52:54:00:…", the same for the same name */
};

/* A port of the host that leads to one of the guest (user networking). */
struct deploy_port {
	const char *protocol;  /* "tcp", "udp" */
	char host_address[16]; /* IPv4 */
	unsigned host, guest;
};

struct deployment {
	const struct manifest *manifest;
	const char *name;
	char **words; /* boot arguments, without quotes; ends with NULL */
	int word_count;
	char *args;               /* the same as one text, "" for none */
	const char *network_word; /* the last option about the network, "" if there was none */
	char *kernel;             /* absolute path of the file that is booted */
	char *folder;             /* absolute path of OUT's folder; NULL when OUT is stdout */
	const char *out;          /* NULL: stdout */
	uint64_t memory_bytes;    /* 0: a process, with its own default */
	struct deploy_card cards[DEPLOY_CARDS_MAX];
	size_t card_count;
	struct deploy_port ports[DEPLOY_PORTS_MAX];
	size_t port_count;
	bool kvm;
};

struct deploy_format {
	const char *name, *about;
	const char *next; /* what to do with the result; '%' stands for OUT */
	/* Why this image cannot be written so with these options, and what can; NULL if it can. */
	const char *(*refuse)(const struct deployment *d);
	/* The text of the file; NULL for a format that writes a folder. */
	void (*write)(const struct deployment *d, struct text *out);
	/* False after a message. */
	bool (*write_folder)(const struct deployment *d, const char *folder);
	bool is_executable;
	bool publishes; /* ports are published if no option speaks of the network */
};

extern const struct deploy_format deploy_qemu, deploy_libvirt, deploy_xl, deploy_systemd,
	deploy_oci;

/* Whether the image is a process of Linux rather than a machine's. */
bool deploy_is_process(const struct deployment *d);

/* deploy_options.c: what the words of the command line mean. Each: false after a message. */
MUST_USE bool deploy_take_memory(struct deployment *d, const char *text);
MUST_USE bool deploy_take_card(struct deployment *d, enum deploy_network network, const char *name);
MUST_USE bool deploy_take_port(struct deployment *d, const char *text);
/* Whether `text`, which messages call `what`, is UTF-8 that every format can hold. */
MUST_USE bool deploy_check_text(const char *what, const char *text);
MUST_USE bool deploy_check_name(const char *name);
/* Splits --args and holds the words against the manifest's keys. STATUS_OK, or another. */
MUST_USE int deploy_take_args(struct deployment *d, const char *text);
/* Fills in what the options left open: memory, cards, ports. */
MUST_USE bool deploy_complete(struct deployment *d, bool publishes);

/* deploy_machine.c: the command of a deployment. */

struct command_word {
	char *text;
	bool begins_option; /* a line break may stand before it */
	bool is_kernel;     /* the path of the image */
};

struct command {
	struct command_word *words;
	size_t count;
};

void command_of_qemu(struct command *c, const struct deployment *d);
/* The image itself, as a process. */
void command_of_process(struct command *c, const struct deployment *d);
void command_free(struct command *c);

/* A new string: QEMU's -netdev for card `index`: "user,id=n0,hostfwd=…". */
MUST_USE char *deploy_netdev(const struct deployment *d, size_t index);
/* A new string: its -device: "virtio-net-device,netdev=n0,mac=…". */
MUST_USE char *deploy_net_device(const struct deployment *d, size_t index);

/*
 * What the manifest's words about QEMU's machine say: -M or -machine, -cpu and -smp; texts are ""
 * if they are missing. Lives until qemu_machine_free().
 */
struct qemu_machine {
	char *storage;
	const char *type, *type_options; /* "virt", "gic-version=host" */
	const char *cpu, *cpu_options;   /* "host", "-arch-capabilities" */
	unsigned cpus, cpus_max;
};

void qemu_machine_parse(struct qemu_machine *m, const struct deployment *d);
void qemu_machine_free(struct qemu_machine *m);

#endif
