/* SPDX-License-Identifier: ISC */
/*
 * The language of config.c: what an application is made of, as a typed program.
 *
 * configure() is called once, on the build machine, by `fata configure`. The functions here and in
 * the modules' *.cfg.h build a graph of devices and return handles to them; handles are structs
 * passed by value, one type a signature, so that what does not fit does not compile. unikernel()
 * names the root. When configure() has returned, the graph is checked, and from what the jobs
 * need, directly or not, the image's main.c, keys and list of modules are written; a device that
 * nobody needs costs nothing.
 *
 * No function here fails: what is wrong is noted with the file and line of the call, a handle is
 * returned all the same, and all faults are told together at the end. Handles, names and texts
 * live until the program ends. Functions of a configuration may call each other as in any C
 * program: a sub-configuration is an ordinary function that takes and returns handles.
 */
#ifndef FATA_CONFIG_H
#define FATA_CONFIG_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

/* Names that the C library has taken for something else. Its headers are above, done with. */
#define clock_t fata_clock_t
#define timer_t fata_timer_t
#define stack_t fata_stack_t

#include <fata/macros.h>

/* --- signatures ------------------------------------------------------------------------------ */

struct fata_node;

/* What all handles of one signature have in common. */
struct fata_signature {
	const char *name;   /* "netif": its handle is netif_t */
	const char *c_type; /* of the argument that a job or a connect function gets */
	const char *header; /* that declares the type */
	bool exclusive;     /* a device of it serves one user only */
};

/*
 * Declares signature NAME, of which the handle is NAME_t. At file scope; an application may add its
 * own: SIGNATURE(thermometer, "struct thermometer *", "thermometer.h")
 */
#define SIGNATURE(NAME, C_TYPE, HEADER, ...)                                                       \
	typedef struct {                                                                           \
		struct fata_node *node;                                                            \
	} NAME##_t;                                                                                \
	static const struct fata_signature fata_signature_##NAME __attribute__((unused)) = {       \
		.name = #NAME, .c_type = (C_TYPE), .header = (HEADER), __VA_ARGS__}

SIGNATURE(netif, "struct netif *", "hal/netif.h", .exclusive = true); /* a network interface */
SIGNATURE(eth, "struct eth *", "net/eth/eth.h");
SIGNATURE(arp, "struct arp *", "net/arp/arp.h");
SIGNATURE(ip, "struct ip *", "net/ip/ip.h"); /* a network layer, whatever its version */
SIGNATURE(icmp, "struct icmp *", "net/icmp/icmp.h");
SIGNATURE(fragments, "struct reassembly *", "net/fragments/reassembly.h");
SIGNATURE(udp, "struct udp *", "net/udp/udp.h");
SIGNATURE(tcp, "struct tcp *", "net/tcp/tcp.h");
SIGNATURE(stack, "struct stack *", "net/stack/stack.h"); /* all protocols over one interface */
SIGNATURE(http, "struct http *", "net/http/http.h");
SIGNATURE(http_client, "struct http_client *", "net/http_client/http_client.h");
SIGNATURE(resolver, "struct resolver *", "hal/resolver.h");
SIGNATURE(connector, "struct connector *", "hal/connector.h"); /* flows to hosts by name */
SIGNATURE(packets, "struct pkt_pool *", "base/pkt.h");         /* a pool of packets */
SIGNATURE(flow, "struct flow *", "hal/flow.h");                /* a stream of bytes both ways */
SIGNATURE(block, "struct block *", "hal/block.h", .exclusive = true); /* a disk's device */
SIGNATURE(disk, "struct disk *", "hal/disk.h", .exclusive = true);    /* a disk, in direct style */
SIGNATURE(flash, "struct flash *", "hal/flash.h", .exclusive = true); /* flash memory, likewise */
SIGNATURE(kv, "struct kv *", "hal/kv.h");                             /* values by name, to read */
SIGNATURE(kv_rw, "struct kv_rw *", "hal/kv.h");              /* the same, to read and write */
SIGNATURE(clock, "struct clock *", "hal/clock.h");           /* a clock chip */
SIGNATURE(wall, "struct wall_clock *", "base/wall_clock.h"); /* the time of day, carried on */
SIGNATURE(timer, "struct timer *", "hal/timer.h"); /* names the event loop: sleep, fibers */
SIGNATURE(rng, "struct rng *", "hal/rng.h");
SIGNATURE(uart, "struct uart *", "hal/uart.h");

typedef struct {
	struct fata_node *node;
} job_t;

/* The macros use the tag, so that a variable may be called key. */
typedef struct fata_key_handle {
	struct fata_node *node;
} key;

/* --- the root -------------------------------------------------------------------------------- */

/*
 * A function of the application that runs once everything that it names has started, on a fiber of
 * its own: job("web_start", tcp, pages, port) calls
 *
 *      int web_start(struct tcp *tcp0, struct kv *pages, uint16_t port);
 *
 * whose prototype is written to unikernel.h. Arguments are handles, in the order of the
 * parameters, at most 30. What it returns is the status of the image: when the last job has
 * returned, devices stop in reverse order and the machine ends with the first status that is not 0.
 * A job that needs nothing that waits (no network, no timer) runs without event loop and fibers,
 * which the image then does not hold.
 */
#define job(FUNCTION, ...) FATA_HERE(((job_t){fata_job((FUNCTION), FATA_NODES(__VA_ARGS__))}))

/*
 * The same job with a stack of `bytes` instead of 16 KiB. That of the last job, on which the
 * devices start before it, is never smaller, but on boards that count their KiB. Without fibers all
 * jobs run on the boot stack.
 */
#define with_stack(JOB, BYTES) FATA_HERE(((job_t){fata_with_stack(FATA_JOB_NODE(JOB), (BYTES))}))

/* Names the image and its jobs. Exactly once. */
#define unikernel(NAME, ...) FATA_DO(fata_unikernel((NAME), FATA_NODES(__VA_ARGS__)))

/*
 * Makes the image hold an argument block of `bytes`, whose boot arguments `fata args` can rewrite
 * without a new build. What a loader passes comes after them and wins.
 */
#define argument_block(BYTES) FATA_DO(fata_argument_block(BYTES))

/*
 * On a board whose loader passes no boot arguments the image has no argument block either: its keys
 * are constants, the code that would parse them is left out, and the log shows its usual levels.
 * Where a loader passes them it says nothing.
 */
#define no_boot_arguments() FATA_DO(fata_no_boot_arguments())

/*
 * The image has no malloc(): what calls it, or spawns a fiber other than from a pool, does not
 * link, or brings the heap along. Without either, memory is only taken at the start.
 */
#define no_malloc() FATA_DO(fata_no_malloc())

/*
 * A fault is told by its address and the processor's code for it alone, not in words; a device that
 * does not start, by its name. Then the image ends at once, without stopping those before it.
 */
#define brief_faults() FATA_DO(fata_brief_faults())

/* Nobody reads what is typed at the console. */
#define no_console_input() FATA_DO(fata_no_console_input())

/*
 * The image has no log. With brief_faults() nothing is left that needs formatted text, and what
 * stops the image is said without names and numbers.
 */
#define no_log() FATA_DO(fata_no_log())

/*
 * The log is a few lines without numbers: the address that DHCP got, a link that comes or goes, a
 * device that is given up. What formats text is left out as with no_log().
 */
#define brief_log() FATA_DO(fata_brief_log())

/* Nothing is counted: for images that show no counters, whose numbers would all be 0. */
#define no_counters() FATA_DO(fata_no_counters())

/*
 * The image uses no more than `bytes` of the board's memory, stacks included, as if it had no more:
 * it does not link, or stops when it starts, if that is too little. flash_limit() is for what is
 * stored.
 */
#define memory_limit(BYTES) FATA_DO(fata_memory_limit(BYTES))
#define flash_limit(BYTES)  FATA_DO(fata_flash_limit(BYTES))

/* Written by the application. */
void configure(void);

/* --- choices --------------------------------------------------------------------------------- */

/* The one or the other handle, which are of one type. Both are built; the unused costs nothing. */
#define choose(CONDITION, YES, NO) ((CONDITION) ? (YES) : (NO))

/* What the image is being configured for. An unknown name is a fault. */
#define is_board(NAME) FATA_HERE(fata_is_board(NAME))
#define is_arch(NAME)  FATA_HERE(fata_is_arch(NAME))
static inline bool is_host(void);

/* The value of a key that is decided at build time; a fault for others. */
#define key_is_on(KEY)    FATA_HERE(fata_key_is_on(FATA_KEY_NODE(KEY)))      /* of a bool */
#define key_is(KEY, TEXT) FATA_HERE(fata_key_is(FATA_KEY_NODE(KEY), (TEXT))) /* of any type */
#define key_number(KEY)   FATA_HERE(fata_key_number(FATA_KEY_NODE(KEY))) /* int, u16, u32, size… */

/*
 * `after`, a device or a job, starts after `before`, a device that it does not use; `before` is in
 * the image whenever `after` is.
 */
#define start_after(AFTER, BEFORE) FATA_DO(fata_start_after((AFTER).node, (BEFORE).node))

/* --- keys ------------------------------------------------------------------------------------ */

/*
 * A typed argument with a name, an initial value and a line of help: `--port=8080`. A key of
 * BOOT_TIME (the usual kind) is read from the boot arguments; `fata configure --port=8080` changes
 * its initial value. One of BUILD_TIME is a constant of the image, given to `fata configure` alone.
 *
 * Each of these takes options behind its help, as in
 *
 *      key_u16("port", 80, "TCP port to serve on", .min = 1, .stage = BUILD_TIME)
 *
 * The initial value is checked against type and range here. A job gets the value as the C type
 * named.
 */
enum fata_stage { BOOT_TIME, BUILD_TIME };

struct fata_key_options {
	long long min, max; /* of a number; both 0: what the type can hold */
	enum fata_stage stage;
};

#define key_bool(NAME, INITIAL, HELP, ...) /* bool */                                              \
	FATA_KEY("bool", NAME, (INITIAL) ? "true" : "false", HELP, __VA_ARGS__)
#define key_int(NAME, INITIAL, HELP, ...) /* int64_t */                                            \
	FATA_KEY("int", NAME, fata_text("%lld", (long long)(INITIAL)), HELP, __VA_ARGS__)
#define key_u16(NAME, INITIAL, HELP, ...) /* uint16_t */                                           \
	FATA_KEY("u16", NAME, fata_text("%lld", (long long)(INITIAL)), HELP, __VA_ARGS__)
#define key_u32(NAME, INITIAL, HELP, ...) /* uint32_t */                                           \
	FATA_KEY("u32", NAME, fata_text("%lld", (long long)(INITIAL)), HELP, __VA_ARGS__)

/* These take their initial value as the text that a person would write. */
#define key_string(NAME, TEXT, HELP, ...) /* const char * */                                       \
	FATA_KEY("string", NAME, TEXT, HELP, __VA_ARGS__)
#define key_ipv4(NAME, TEXT, HELP, ...) /* uint32_t, host order */                                 \
	FATA_KEY("ipv4", NAME, TEXT, HELP, __VA_ARGS__)
#define key_ipv4_prefix(NAME, TEXT, HELP, ...) /* struct ipv4_prefix */                            \
	FATA_KEY("ipv4_prefix", NAME, TEXT, HELP, __VA_ARGS__)
#define key_ipv4_port(NAME, TEXT, HELP, ...) /* struct key_ipv4_port */                            \
	FATA_KEY("ipv4_port", NAME, TEXT, HELP, __VA_ARGS__)
#define key_ipv4_route(NAME, TEXT, HELP, ...) /* struct ipv4_route */                              \
	FATA_KEY("ipv4_route", NAME, TEXT, HELP, __VA_ARGS__)
#define key_ipv6(NAME, TEXT, HELP, ...) /* struct ip_addr */                                       \
	FATA_KEY("ipv6", NAME, TEXT, HELP, __VA_ARGS__)
#define key_ipv6_prefix(NAME, TEXT, HELP, ...)                                                     \
	FATA_KEY("ipv6_prefix", NAME, TEXT, HELP, __VA_ARGS__)
#define key_ip(NAME, TEXT, HELP, ...) /* struct ip_addr, of IPv4 or IPv6 */                        \
	FATA_KEY("ip", NAME, TEXT, HELP, __VA_ARGS__)
#define key_mac(NAME, TEXT, HELP, ...) /* const uint8_t * to 6 bytes */                            \
	FATA_KEY("mac", NAME, TEXT, HELP, __VA_ARGS__)
#define key_duration(NAME, TEXT, HELP, ...) /* uint64_t, microseconds: "10ms", "3s" */             \
	FATA_KEY("duration", NAME, TEXT, HELP, __VA_ARGS__)
#define key_size(NAME, TEXT, HELP, ...) /* uint64_t, bytes: "64k", "16M" */                        \
	FATA_KEY("size", NAME, TEXT, HELP, __VA_ARGS__)

/* One of the words of WORDS, "embedded|tar|fat"; the value is its index there, `unsigned`. */
#define key_enum(NAME, INITIAL, WORDS, HELP, ...)                                                  \
	FATA_HERE(((struct fata_key_handle){fata_key_enum(                                         \
		(NAME), (INITIAL), (WORDS), (HELP), &(struct fata_key_options){__VA_ARGS__})}))

/* Up to MAX values of another type, by its name ("ipv4"), separated by commas; struct key_list. */
#define key_list(NAME, TYPE, MAX, TEXT, HELP, ...)                                                 \
	FATA_HERE(((struct fata_key_handle){fata_key_list(                                         \
		(NAME), (TYPE), (MAX), (TEXT), (HELP), &(struct fata_key_options){__VA_ARGS__})}))

/* A key whose type is given by its name: "u16". */
#define key_of(TYPE, NAME, TEXT, HELP, ...) FATA_KEY(TYPE, NAME, TEXT, HELP, __VA_ARGS__)

/* --- devices of the application's own -------------------------------------------------------- */

/*
 * device("counter", kv, sources("counter.c"), "counter_connect", uses(clock), keys(start)) is a
 * device NAME of signature kv: a kv_t like any other. It is made by
 *
 *      enum err counter_connect(struct kv **self, struct clock *clock0, uint32_t start);
 *
 * in one of the sources, paths from the application's folder (those that the image would hold
 * anyway need not be named). Options: .stop = "counter_stop", a function void (struct kv *self);
 * .modules = "net/tcp", modules of the tree that it links with; .archs = "aarch64 x86_64", the
 * architectures that it is for (all unless named); .ram_bytes, what it takes when it starts.
 */
struct fata_device_options {
	const char *stop, *modules, *archs;
	uint64_t ram_bytes;
};

#define device(NAME, SIGNATURE_NAME, SOURCES, CONNECT, USES, KEYS, ...)                            \
	FATA_HERE(((SIGNATURE_NAME##_t){                                                           \
		fata_own_device((NAME), &fata_signature_##SIGNATURE_NAME, (SOURCES), (CONNECT),    \
				(USES), (KEYS), &(struct fata_device_options){__VA_ARGS__})}))

#define sources(...) ((const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})
#define uses(...)    FATA_NODES(__VA_ARGS__)
#define keys(...)    FATA_KEY_NODES(__VA_ARGS__)

struct fata_node *fata_read_only(struct fata_node *store);

/* A store that can be written can be read: the same as a kv_t. */
static inline kv_t read_only(kv_rw_t store)
{
	return (kv_t){fata_read_only(store.node)};
}
#define read_only(STORE) FATA_HERE(read_only(STORE))

/* --- behind the macros ----------------------------------------------------------------------- */

struct fata_node *fata_job(const char *function, struct fata_node *const arguments[]);
struct fata_node *fata_with_stack(struct fata_node *job, unsigned long bytes);
void fata_unikernel(const char *name, struct fata_node *const jobs[]);
void fata_argument_block(unsigned bytes);
void fata_no_boot_arguments(void);
void fata_no_malloc(void);
void fata_no_console_input(void);
void fata_brief_faults(void);
void fata_no_log(void);
void fata_brief_log(void);
void fata_no_counters(void);
void fata_memory_limit(uint64_t bytes);
void fata_flash_limit(uint64_t bytes);
bool fata_is_board(const char *name);
bool fata_is_arch(const char *name);
bool fata_key_is_on(struct fata_node *key);
bool fata_key_is(struct fata_node *key, const char *text);
long long fata_key_number(struct fata_node *key);
void fata_start_after(struct fata_node *after, struct fata_node *before);
struct fata_node *fata_key(const char *type, const char *name, const char *initial,
			   const char *help, const struct fata_key_options *options);
struct fata_node *fata_key_enum(const char *name, const char *initial, const char *words,
				const char *help, const struct fata_key_options *options);
struct fata_node *fata_key_list(const char *name, const char *type, unsigned max,
				const char *initial, const char *help,
				const struct fata_key_options *options);
struct fata_node *fata_own_device(const char *name, const struct fata_signature *signature,
				  const char *const sources[], const char *connect,
				  struct fata_node *const uses[], struct fata_node *const keys[],
				  const struct fata_device_options *options);

static inline bool is_host(void)
{
	return fata_is_board("host");
}

#endif

/* Every module's own part of the language: tcp_over(), embedded_files(), … */
#ifndef FATA_WITHOUT_MODULES
#include <fata/modules.h>
#endif
