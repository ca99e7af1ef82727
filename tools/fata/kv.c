/* SPDX-License-Identifier: ISC */
/*
 * fata kv: the key-value store in the image of a flash or a disk.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/fata/fata.h"
#include "tools/fata/file.h"
#include "tools/fata/kv_image.h"

static const char kv_help[] =
	"Usage: fata kv IMAGE get KEY\n"
	"       fata kv IMAGE set KEY [VALUE]\n"
	"       fata kv IMAGE list [FOLDER]\n"
	"       fata kv IMAGE remove KEY\n"
	"       fata kv IMAGE format [--size=SIZE] [--block=SIZE] [--unit=BYTES] [--force]\n"
	"\n"
	"Reads and writes the settings of an image: the log-structured store (log_store() in a\n"
	"config.c) in IMAGE, a file with the content of a flash chip or a disk. What set and\n"
	"remove change is there as a whole or not at all, whatever interrupts them. set takes\n"
	"the value from standard input if it is - or not given. list shows, with lengths in\n"
	"bytes, what is in the store or a folder of it. format makes an empty store.\n"
	"\n"
	"      --size=SIZE       of a new file, such as 256k; else the file's own\n"
	"      --block=SIZE      that the flash erases at once (default 4k)\n"
	"      --unit=BYTES      that the flash programs at once (default 4)\n"
	"      --force           overwrite what is there\n"
	"  -h, --help            show this help\n"
	"\n"
	"Exit status: 0 done, 1 not done (get, remove: there is no such key), 64 usage.\n";

enum { VALUE_BYTES_MAX = 1 << 30, PIECE_BYTES = 65536 };

struct options {
	struct kv_geometry geometry;
	bool any; /* that only format takes */
};

/* One of the commands, with the image open: its words, of which the first is a key. */
struct action {
	const char *name;
	int least, most; /* words */
	bool writes, takes_key;
	int (*run)(struct kv_image *image, char *const words[], int n);
	const char *missing;
};

static int complain_key(const struct kv_image *image, const char *key, enum err e)
{
	switch (e) {
	case ERR_NOTFOUND:
		complain("%s has no key '%s'", image->path, key);
		break;
	case ERR_NOSPACE:
		complain("the store in %s is full: '%s' is as it was", image->path, key);
		break;
	case ERR_DAMAGED:
		complain("the value of '%s' is damaged", key);
		break;
	default:
		complain("'%s': %s", key, err_str(e));
	}
	return STATUS_FAILED;
}

static int get(struct kv_image *image, char *const words[], int n)
{
	struct kv *kv = &image->store.rw.kv;
	uint8_t *piece = allocate(PIECE_BYTES);
	uint64_t at = 0;
	ssize_t got;

	(void)n;
	do {
		got = kv_read(kv, words[0], strlen(words[0]), at, piece, PIECE_BYTES);
		if (got > 0)
			fwrite(piece, 1, (size_t)got, stdout);
		at += got > 0 ? (uint64_t)got : 0;
	} while (got > 0);
	free(piece);
	if (got < 0)
		return complain_key(image, words[0], (enum err)got);
	return end_output();
}

/* All of standard input; NULL after a message. */
static uint8_t *read_input(size_t *len)
{
	size_t room = PIECE_BYTES;
	uint8_t *bytes = allocate(room);

	*len = 0;
	for (;;) {
		size_t n = fread(bytes + *len, 1, room - *len, stdin);

		*len += n;
		if (n == 0 && !ferror(stdin))
			return bytes;
		if (n == 0 || *len > VALUE_BYTES_MAX) {
			complain("standard input: %s",
				 n == 0 ? strerror(errno) : "too long for a value");
			free(bytes);
			return NULL;
		}
		if (*len == room)
			bytes = reallocate(bytes, room *= 2, 1);
	}
}

static enum err set_value(struct kv_image *image, const char *key, const void *bytes, size_t len)
{
	enum err e = kv_set(&image->store.rw, key, strlen(key), bytes, len);

	return e == OK ? kv_sync(&image->store.rw) : e;
}

static int set(struct kv_image *image, char *const words[], int n)
{
	uint8_t *input = NULL;
	enum err e;

	if (n == 2 && strcmp(words[1], "-") != 0) {
		e = set_value(image, words[0], words[1], strlen(words[1]));
	} else {
		size_t len;

		input = read_input(&len);
		if (input == NULL)
			return STATUS_FAILED;
		e = set_value(image, words[0], input, len);
	}
	free(input);
	return e == OK ? STATUS_OK : complain_key(image, words[0], e);
}

static int remove_key(struct kv_image *image, char *const words[], int n)
{
	enum err e = kv_remove(&image->store.rw, words[0], strlen(words[0]));

	(void)n;
	if (e == OK)
		e = kv_sync(&image->store.rw);
	return e == OK ? STATUS_OK : complain_key(image, words[0], e);
}

/* A name may hold anything: what is no printable ASCII is shown as '?'. */
static void print_name(const char *name)
{
	for (; *name != '\0'; name++)
		putchar(*name >= ' ' && *name <= '~' ? *name : '?');
}

static int by_name(const void *a, const void *b)
{
	const struct kv_entry *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static int list(struct kv_image *image, char *const words[], int n)
{
	const char *folder = n > 0 ? words[0] : "";
	struct kv_cursor cursor = {0};
	struct kv_entry *entries = NULL, entry;
	size_t count = 0;
	enum err e;

	while ((e = kv_list(&image->store.rw.kv, folder, strlen(folder), &cursor, &entry)) == OK) {
		entries = reallocate(entries, count + 1, sizeof(entry));
		entries[count++] = entry;
	}
	if (count > 0)
		qsort(entries, count, sizeof(*entries), by_name);
	for (size_t i = 0; i < count; i++) {
		if (entries[i].info.is_folder) {
			printf("%10s  ", "-");
			print_name(entries[i].name);
			puts("/");
		}
		/* A name may be both. */
		if (!entries[i].info.is_folder || entries[i].info.version != 0) {
			printf("%10" PRIu64 "  ", entries[i].info.bytes);
			print_name(entries[i].name);
			putchar('\n');
		}
	}
	free(entries);
	if (e == ERR_NOTFOUND) {
		complain("%s has no folder '%s'", image->path, folder);
		return STATUS_FAILED;
	}
	return e == ERR_EOF ? end_output() : complain_key(image, folder, e);
}

static const struct action actions[] = {
	{"get", 1, 1, false, true, get, "a key is missing"},
	{"set", 1, 2, true, true, set, "a key is missing"},
	{"list", 0, 1, false, false, list, NULL},
	{"remove", 1, 1, true, true, remove_key, "a key is missing"},
};

static int run_action(const struct action *a, const char *path, char *const words[], int n)
{
	struct kv_image image;

	if (n < a->least)
		return complain_usage("%s", a->missing);
	if (n > a->most)
		return complain_usage("'%s' is one word too many", words[a->most]);
	if (a->takes_key && !kv_key_is_valid(words[0], strlen(words[0])))
		return complain_usage(
			"'%s' is no key: keys are like paths, without a slash at either "
			"end, of %d bytes at most",
			words[0], KV_KEY_BYTES_MAX);
	int status = STATUS_FAILED;
	if (kv_image_open(&image, path, a->writes))
		status = a->run(&image, words, n);
	kv_image_close(&image);
	return status;
}

static int format(const char *path, const struct options *o, int n)
{
	struct kv_image image;

	if (n > 0)
		return complain_usage("format takes options only");
	bool done = kv_image_format(&image, path, &o->geometry);
	if (done)
		fprintf(stderr, "%s: %" PRIu64 " bytes for values.\n", path,
			kvlog_capacity(&image.store));
	kv_image_close(&image);
	return done ? STATUS_OK : STATUS_FAILED;
}

static int complain_action(const char *word)
{
	static const char *const names[] = {"get", "set", "list", "remove", "format", NULL};
	const char *meant = nearest(word, names);

	if (meant != NULL)
		return complain_usage("there is no '%s'; did you mean '%s'?", word, meant);
	return complain_usage("there is no '%s': expected get, set, list, remove or format", word);
}

/* A number with k or M behind; false: it is none, or is not from 1 to `most`. */
static bool parse_size(const char *text, uint64_t most, uint64_t *out)
{
	char *end;

	errno = 0;
	unsigned long long n = strtoull(text, &end, 10);
	unsigned shift = *end == 'k' || *end == 'K' ? 10 : *end == 'M' ? 20 : 0;
	if (text[0] < '0' || text[0] > '9' || errno != 0 || end[shift != 0] != '\0')
		return false;
	*out = (uint64_t)n << shift;
	return n > 0 && *out >> shift == n && *out <= most;
}

static bool take_option(struct options *o, int option, const char *text)
{
	uint64_t n = 0;

	o->any = true;
	switch (option) {
	case 's':
		return parse_size(text, (uint64_t)1 << 40, &o->geometry.bytes);
	case 'b':
		if (!parse_size(text, (uint64_t)1 << 30, &n) || (n & (n - 1)) != 0)
			return false;
		o->geometry.block_bytes = (uint32_t)n;
		return true;
	case 'u':
		if (!parse_size(text, 65536, &n) || (n & (n - 1)) != 0)
			return false;
		o->geometry.unit = (uint32_t)n;
		return true;
	default:
		o->geometry.force = true;
		return true;
	}
}

int kv_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"size", required_argument, NULL, 's'}, {"block", required_argument, NULL, 'b'},
		{"unit", required_argument, NULL, 'u'}, {"force", no_argument, NULL, 'f'},
		{"help", no_argument, NULL, 'h'},       {0}};
	struct options o = {.geometry = {.block_bytes = 4096, .unit = 4}};
	int option;

	/* Values may begin with a dash: behind "set" nothing is an option. */
	bool sets = argc > 2 && strcmp(argv[2], "set") == 0;
	while ((option = getopt_long(sets ? MIN(argc, 3) : argc, argv, ":h", options, NULL)) !=
	       -1) {
		if (option == 'h')
			return print_help(kv_help);
		if (option == '?' || option == ':')
			return complain_option(argc, argv, option, options);
		if (!take_option(&o, option, optarg))
			return complain_usage("'%s' is no size, or none that can be", optarg);
	}
	if (optind == argc)
		return complain_usage("an image is missing, such as flash.img");
	const char *path = argv[optind++];
	if (optind == argc)
		return complain_usage("what is to be done: get, set, list, remove or format?");
	const char *word = argv[optind++];
	if (strcmp(word, "format") == 0)
		return format(path, &o, argc - optind);
	if (o.any)
		return complain_usage("options go with format only");
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (strcmp(word, actions[i].name) == 0)
			return run_action(&actions[i], path, argv + optind, argc - optind);
	}
	return complain_action(word);
}
