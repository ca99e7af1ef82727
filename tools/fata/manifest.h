/* SPDX-License-Identifier: ISC */
/*
 * The manifest of an image: what it is made of, as the configuration compiler wrote it.
 *
 * It lies in the ELF as a note that is not loaded (section .note.fata, owner "Fata", type 1), and
 * as manifest.json beside the image. Both are files from outside: whatever is in them, loading
 * either gives a manifest in which every text is a text (empty if it was missing) and every list
 * is a list, or says on stderr what is wrong with which file. All strings and arrays belong to the
 * manifest and live until manifest_free().
 */
#ifndef TOOLS_FATA_MANIFEST_H
#define TOOLS_FATA_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct manifest_device {
	const char *name, *kind, *signature, *about;
	const char *where; /* "config.c:5" */
	const char **uses; /* names of devices and keys */
	size_t use_count;
	uint64_t ram_bytes;
};

struct manifest_key {
	const char *name, *type; /* type: "u16", as in config.c; "list" and "enum" too */
	const char *value;       /* the initial one, as text */
	const char *help, *where;
	const char *words;  /* of an enum, "a|b|c"; else "" */
	const char *of;     /* of a list, the type of its elements; else "" */
	uint64_t count_max; /* of a list, how many elements it may have; else 0 */
	long long min, max; /* both 0: whatever the type holds */
	bool is_boot_time;  /* else fixed when the image was configured */
};

struct manifest_job {
	const char *function;
	const char **arguments;
	size_t argument_count;
};

struct manifest_port {
	const char *protocol; /* "tcp", "udp" */
	const char *key;      /* that sets it; else "" */
	const char *service;  /* "http"; else "" */
	unsigned port;
};

/* How the board is started and with which tools it was built. All "" if the image names none. */
struct manifest_machine {
	const char *qemu, *machine, *machine_kvm, *kernel, *devices, *net;
	const char *exit, *memory;
	const char *cross; /* prefix of the compiler's tools: "arm-none-eabi-" */
	bool exit_is_odd;
};

struct manifest {
	const char *fata; /* version that wrote it */
	const char *name, *board, *arch;
	struct manifest_device *devices;
	size_t device_count;
	struct manifest_key *keys;
	size_t key_count;
	struct manifest_job *jobs;
	size_t job_count;
	struct manifest_port *ports;
	size_t port_count;
	const char **modules;
	size_t module_count;
	uint64_t netifs;
	uint64_t argument_block_bytes; /* 0: the image holds none */
	uint64_t ram_bytes;
	struct manifest_machine machine;

	const char *path; /* of the file that it was read from: the ELF or manifest.json */
	void *json;       /* the whole, a json_t of <jansson.h> */
};

/*
 * Reads the manifest of `image`: an ELF with a note, a manifest.json, or another form of an image
 * (web.img, web.bin), for which web.elf or manifest.json in the same folder speaks. A folder stands
 * for the manifest.json in it. NULL after a message on stderr.
 */
struct manifest *manifest_load(const char *image);

/* NULL is allowed. */
void manifest_free(struct manifest *m);

#endif
