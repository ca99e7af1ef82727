/* SPDX-License-Identifier: ISC */
/*
 * How a module describes itself to the configuration compiler, in NAME.cfg.h beside its source.
 *
 * A *.cfg.h defines functions that build devices (tcp_over()) and registers what `fata devices`
 * lists. A device is a node of the graph: a spec, whose texts are pieces of C for the generated
 * main.c, and the devices and keys that it uses. All *.cfg.h of the tree are included by config.h.
 *
 * In a spec's texts, $self stands for the instance's name (a C identifier), $NAME for the value of
 * what is used under that name, $name for the device's name as a C string, $task for the task that
 * polls it (a struct task *), $waker for that task's struct waker, $index for how many devices of
 * its kind come before it in the image, in the order in which they were made. `$$` is a dollar
 * sign.
 */
#ifndef FATA_MODULE_H
#define FATA_MODULE_H

/* Here only what all modules have: they name each other where they need each other. */
#ifndef FATA_CONFIG_H
#define FATA_WITHOUT_MODULES
#include <fata/config.h>
#undef FATA_WITHOUT_MODULES
#endif

struct fata_spec {
	const char *kind;  /* "tcp": instances are tcp0, tcp1, … unless named by the caller */
	const char *about; /* "TCP (RFC 9293)"; $index in it is replaced too */
	const struct fata_signature *signature;
	const char *modules; /* that are built for it: "net/tcp" (space between several) */
	const char *headers; /* that main.c includes for it: "net/tcp/tcp.h" */
	const char *archs;   /* that it is available on; NULL: all */

	const char *state; /* definitions at file scope, with `static`; or NULL */
	const char *value; /* the expression that its users get: "&$self.ip" */
	const char *start; /* body of enum err start(void), with its return; or NULL */
	const char *stop;  /* body of void stop(void); or NULL */

	/*
	 * Polling. An expression of the time of its next poll, evaluated in the batch of its task
	 * with uint64_t now_us there: "tcp_poll($self, now_us)". Within a task users come before
	 * what they use. A device with own_task has a task, and polls with it all devices above it
	 * that have none nearer. poll_begin is a statement in front of the polls; poll_end is an
	 * expression behind them, the deadline, with that of the polls in due_us.
	 */
	const char *poll, *poll_begin, *poll_end;
	bool own_task;
	/* What stands above it is polled in the tasks of all that it uses, not in one of them. */
	bool joins_tasks;

	/*
	 * What it counts, for a page of counters: statements, which may say $page besides, such as
	 * "metrics_add($page, &eth_counters, &$self.stats, $name);". They stand where the start of
	 * a device says $counters, those of all devices of the image. That device is `late`: it
	 * starts behind all that are not, which must not use it.
	 */
	const char *counters;
	bool late;

	/*
	 * For the runtime's own parts. A device that is `early` starts before the others, on the
	 * boot stack; its `start` is statements without a value. `run_main` is the statement that
	 * runs the rest, as $main, and does not return.
	 */
	bool early;
	const char *run_main;

	/* Connections that it has for all that is built on it. */
	unsigned connections;

	/* What it takes from the board's RAM at the start, in bytes, and what for. */
	uint64_t ram_bytes;
	/* Of that, what structures do without on a small board in an image of IPv4 alone
	 * (tools/config/lib/emit_make.c). */
	uint64_t ram_bytes_of_v6;
	const char *ram_use; /* "receive buffers" */
};

struct fata_use {
	const char *as; /* the name in the spec's texts, without the $ */
	struct fata_node *node;
};

#define FATA_USES(...) ((const struct fata_use[]){__VA_ARGS__ __VA_OPT__(, ){NULL, NULL}})

/*
 * A new device. `name` is what a person calls it, unique in the image, or NULL for kind and number.
 * `uses` ends with a NULL name; an entry whose node is NULL is skipped (its text must not be used).
 */
#define fata_device(SPEC, NAME, USES) fata_device_in(__func__, (SPEC), (NAME), (USES))
struct fata_node *fata_device_in(const char *function, const struct fata_spec *spec,
				 const char *name, const struct fata_use uses[]);

/* The same, but one for the whole image: asked again for `name`, the first one is returned. */
#define fata_single(SPEC, NAME, USES) fata_single_in(__func__, (SPEC), (NAME), (USES))
struct fata_node *fata_single_in(const char *function, const struct fata_spec *spec,
				 const char *name, const struct fata_use uses[]);

/* `part` is in the image whenever `whole` is, though nobody asked for it: ICMP with IP. */
void fata_attach(struct fata_node *whole, struct fata_node *part);

/*
 * The name that the next device of `kind` gets when it is made with `name`: that one, or kind and
 * number if it is NULL, or none that a device can have, which is noted as a fault.
 */
const char *fata_new_name(const char *kind, const char *name);

/* The name of a device; whether a person chose it; the nearest device of `kind` at or below `node`,
 * level by level, or NULL. */
const char *fata_name(const struct fata_node *node);
bool fata_is_named(const struct fata_node *node);
struct fata_node *fata_below(struct fata_node *node, const char *kind);

/* Its spec's connections. */
unsigned fata_connections(const struct fata_node *node);

/* The first device of `kind` that was made to use `node` itself, or NULL. */
struct fata_node *fata_above(const struct fata_node *node, const char *kind);

/* A C string literal, with its quotes, that means `text` in a spec's texts, whatever is in it. */
const char *fata_quote(const char *text);

/*
 * Names for what is built over `node`. When a person has named the network interface below,
 * "lan-tcp"; else, or over several interfaces, a device of `kind` gets NULL (kind and number), and
 * a key its plain name, "ipv4".
 */
static inline const char *fata_name_over(struct fata_node *node, const char *kind)
{
	struct fata_node *net = fata_below(node, "net");
	if (fata_below(node, "multihome") != NULL)
		return NULL; /* it is over several */
	return net != NULL && fata_is_named(net) ? fata_text("%s-%s", fata_name(net), kind) : NULL;
}

static inline const char *fata_key_name(struct fata_node *node, const char *base)
{
	const char *name = fata_name_over(node, base);
	return name != NULL ? name : base;
}

/*
 * Notes that the next device that the same C function makes needs device number `index` of `kind`
 * ("netif") of the board, or the one that has its own $index as number. If that device is in the
 * image and the board has none, this is a fault that names the boards that have.
 */
#define FATA_INDEX                       UINT_MAX
#define fata_needs_of_board(KIND, INDEX) fata_needs_of_board_in(__func__, (KIND), (INDEX))
void fata_needs_of_board_in(const char *function, const char *kind, unsigned index);

/* How many devices of `kind` the board has. */
unsigned fata_board_has(const char *kind);

/* Notes that the image serves at a port: for `make run` and deployment files. */
void fata_serves(struct fata_node *device, const char *protocol, struct fata_node *port_key,
		 const char *service);

/*
 * Notes a folder of files, from the application's folder, to embed under the C name `symbol`;
 * "symbol:gzip" for tools/embed.py --gzip.
 */
void fata_embeds(struct fata_node *device, const char *folder, const char *symbol);

/* Adds a fault at the place of the current call. */
void fata_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- what `fata devices` and `fata boards` list ---------------------------------------------- */

/*
 * Registers a constructor: FATA_OFFERS(tcp_over, "tcp_t tcp_over(ip_t ip, …)", "TCP over …"). Its
 * options stand in a macro, from which FATA_TEXT_OF(TCP_DEFAULTS) makes their text.
 */
#define FATA_TEXT_OF(...)   FATA_TEXT_OF_1(__VA_ARGS__)
#define FATA_TEXT_OF_1(...) #__VA_ARGS__
#define FATA_OFFERS(ID, SYNOPSIS, ABOUT)                                                           \
	__attribute__((constructor)) static void fata_offer_##ID(void)                             \
	{                                                                                          \
		fata_offer((SYNOPSIS), (ABOUT), __FILE__);                                         \
	}
void fata_offer(const char *synopsis, const char *about, const char *file);

enum { FATA_BOARD_DEVICES_MAX = 12 };

struct fata_board {
	const char *name, *about, *arch;
	struct {
		const char *kind; /* "netif" */
		unsigned count;
	} devices[FATA_BOARD_DEVICES_MAX];
	uint64_t ram_bytes;   /* that the machine has unless told otherwise */
	uint64_t flash_bytes; /* for the image, 0 where it lies in RAM */
	/* Of a receive buffer, whatever the MTU: what the interface's controller fills at once. 0:
	 * as much as frames of 1,500 bytes need.
	 */
	unsigned rx_bytes_min;
	/* What it needs of a receive buffer beyond the MTU, where it takes buffers of any size; 0:
	 * as much as any interface does, and PKT_HEADROOM is part of. */
	unsigned rx_room_bytes;
	/* Of a job's stack, and of the last job's: 0 for 2 KiB and 16 KiB. */
	unsigned stack_bytes_min;
	/* Where no loader passes boot arguments: of the block that images have if they name none.
	 */
	unsigned argument_block_bytes;
};

/* Registers a board: FATA_BOARD(virt_arm, .name = "virt-arm", …). In boards/BOARD/board.cfg.h. */
#define FATA_BOARD(ID, ...)                                                                        \
	static const struct fata_board fata_board_##ID = {__VA_ARGS__};                            \
	__attribute__((constructor)) static void fata_register_board_##ID(void)                    \
	{                                                                                          \
		fata_register_board(&fata_board_##ID);                                             \
	}
void fata_register_board(const struct fata_board *board);

/* The one that is configured for. */
const struct fata_board *fata_this_board(void);

#endif
