/* SPDX-License-Identifier: ISC */
/*
 * fata args: the boot arguments inside an image.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "tools/fata/argblock.h"
#include "tools/fata/fata.h"
#include "tools/fata/file.h"
#include "tools/fata/keytable.h"
#include "tools/fata/manifest.h"
#include "tools/fata/words.h"

static const char args_help[] =
	"Usage: fata args IMAGE\n"
	"       fata args IMAGE [--] --KEY=VALUE...\n"
	"       fata args --clear IMAGE\n"
	"       fata args --seed IMAGE\n"
	"\n"
	"Shows the boot arguments that IMAGE (.elf, .img or .bin) holds, or replaces them all,\n"
	"without a new build. They are checked against the image's keys first. What a loader\n"
	"passes at boot comes later and wins. The image has room for them if its config.c says\n"
	"argument_block(BYTES).\n"
	"\n"
	"      --clear           remove the arguments\n"
	"      --seed            write a new seed of random numbers, for a board that has no source\n"
	"                        of them: such a file is of one board, and a secret\n"
	"  -h, --help            show this help\n";

/* What the image's room for a seed begins with (drivers/rng/image_seed). */
static const char seed_magic[] = "FataSeed";

/* A hex file has the same bytes as text, in which nothing can be found. True after a message. */
static bool is_hex(const struct file *f)
{
	if (!path_ends(f->path, ".hex"))
		return false;
	complain("%s is text. Give the .elf or .bin beside it", f->path);
	return true;
}

/* Finds the block; false after a message. */
static bool find_block(struct argblock *block, const struct file *f)
{
	if (is_hex(f))
		return false;
	switch (argblock_find(block, f->bytes, f->size)) {
	case ARGBLOCK_ONE:
		return true;
	case ARGBLOCK_MANY:
		complain("%s holds more than one argument block: is it one image?", f->path);
		return false;
	case ARGBLOCK_DAMAGED:
		complain("the argument block in %s is damaged: build the image anew", f->path);
		return false;
	case ARGBLOCK_NONE:
		break;
	}
	complain("%s has no argument block. Say argument_block(128) in its config.c and build it "
		 "anew",
		 f->path);
	return false;
}

static int show(const struct file *f, const struct argblock *block)
{
	char *text = argblock_text(block, f->bytes);
	if (text[0] != '\0')
		puts(text);
	free(text);
	return end_output();
}

/* The other forms of the image in the same folder keep what they hold: says which. */
static void name_others(const char *path)
{
	static const char *const suffixes[] = {".elf", ".img", ".bin"};

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		char *other = path_with_suffix(path, suffixes[i]);
		if (strcmp(other, path) != 0 && file_exists(other))
			fprintf(stderr, "%s beside it is as it was.\n", path_name(other));
		free(other);
	}
}

static int check(const char *path, char *const words[], int count)
{
	struct manifest *m = manifest_load(path);
	int status = m != NULL ? keys_check(m, words, count) : STATUS_FAILED;

	manifest_free(m);
	return status;
}

/* Replaces the block's text by the words. */
static int rewrite(struct file *f, struct argblock *block, char *const words[], int count)
{
	int status = count > 0 ? check(f->path, words, count) : STATUS_OK;
	if (status != STATUS_OK)
		return status;
	char *text = words_join(words, count);
	if (text == NULL)
		return STATUS_BAD_USAGE;
	size_t length = strlen(text);
	status = STATUS_FAILED;
	if (length > block->capacity) {
		complain("the arguments have %zu bytes, and %s has room for %u. A larger "
			 "argument_block() in config.c makes more",
			 length, f->path, block->capacity);
	} else {
		argblock_set(block, f->bytes, text);
		if (file_replace(f->path, f->bytes, f->size)) {
			name_others(f->path);
			status = STATUS_OK;
		}
	}
	free(text);
	return status;
}

static int seed(const char *path)
{
	enum { SEED_BYTES = 32 };
	const size_t magic_bytes = strlen(seed_magic);
	struct file f;
	int status = STATUS_FAILED;

	if (!file_read(&f, path))
		return STATUS_FAILED;
	uint8_t *at = memmem(f.bytes, f.size, seed_magic, magic_bytes);
	if (is_hex(&f))
		; /* it was said */
	else if (at == NULL || (size_t)(f.bytes + f.size - at) < magic_bytes + SEED_BYTES)
		complain("%s has no room for a seed: it uses no random numbers, or its board has a "
			 "source of them",
			 path);
	else if (getrandom(at + magic_bytes, SEED_BYTES, 0) != SEED_BYTES)
		complain("no random numbers: %s", strerror(errno));
	else if (file_replace(path, f.bytes, f.size))
		status = STATUS_OK;
	file_free(&f);
	return status;
}

/* Without words and without `clear`, shows the block. */
static int run(const char *path, char *const words[], int count, bool clear)
{
	struct argblock block;
	struct file f;

	if (!file_read(&f, path))
		return STATUS_FAILED;
	int status = STATUS_FAILED;
	if (find_block(&block, &f))
		status = count > 0 || clear ? rewrite(&f, &block, words, count) : show(&f, &block);
	file_free(&f);
	return status;
}

int args_main(int argc, char **argv)
{
	static const struct option options[] = {{"clear", no_argument, NULL, 'c'},
						{"seed", no_argument, NULL, 's'},
						{"help", no_argument, NULL, 'h'},
						{0}};
	bool clear = false, new_seed = false;
	int option;

	/* Only what stands before the image is an option of ours. */
	while ((option = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
		if (option == 'h')
			return print_help(args_help);
		if (option != 'c' && option != 's')
			return complain_option(argc, argv, option, options);
		clear |= option == 'c';
		new_seed |= option == 's';
	}
	if (optind == argc)
		return complain_usage("an image is missing, such as build/virt-arm/web/web.elf");
	const char *path = argv[optind++];
	if (optind < argc && strcmp(argv[optind], "--help") == 0)
		return print_help(args_help);
	if (!clear && optind + 1 == argc && strcmp(argv[optind], "--clear") == 0) {
		clear = true;
		optind++;
	}
	if (optind < argc && strcmp(argv[optind], "--") == 0)
		optind++;
	if ((clear || new_seed) && optind < argc)
		return complain_usage("--%s goes without arguments", clear ? "clear" : "seed");
	if (clear && new_seed)
		return complain_usage("--clear and --seed are two commands");
	if (new_seed)
		return seed(path);
	return run(path, argv + optind, argc - optind, clear);
}
