/* SPDX-License-Identifier: ISC */
/*
 * fata symbolize: source lines behind the backtraces of a log.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/fata/fata.h"
#include "tools/fata/file.h"
#include "tools/fata/manifest.h"
#include "tools/fata/process.h"

static const char symbolize_help[] =
	"Usage: fata symbolize IMAGE < LOG\n"
	"\n"
	"Copies the log of an image's console from standard input to standard output and puts,\n"
	"behind each backtrace, the functions and source lines of its addresses. IMAGE is the\n"
	"ELF that was running, or a file beside it.\n"
	"\n"
	"  -h, --help            show this help\n";

enum { FRAMES_MAX = 64, LINE_BYTES_MAX = 16384 };

struct symbolizer {
	char *elf;
	char *program;
	bool is_llvm; /* llvm-symbolizer, else an addr2line */
};

/* The addresses behind "backtrace:", as in "backtrace: 0x40080123 0x40080456". */
static size_t find_backtrace(const char *line, uint64_t frames[static FRAMES_MAX])
{
	static const char mark[] = "backtrace:";
	const char *at = strstr(line, mark);
	size_t n = 0;

	if (at == NULL)
		return 0;
	at += strlen(mark);
	while (n < FRAMES_MAX && strncmp(at, " 0x", 3) == 0) {
		char *end;
		errno = 0;
		uint64_t address = strtoull(at + 3, &end, 16);
		if (!isxdigit((unsigned char)at[3]) || errno != 0)
			break;
		frames[n++] = address;
		at = end;
	}
	return n;
}

/* Prints the program's lines, calls that were inlined further in. The build wrote paths as
 * "./base/…". */
static void print_lines(char *output)
{
	static const char inlined[] = " (inlined by) ", dot[] = " at ./";

	for (char *line = strtok(output, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		const char *indent = "    ";
		if (strncmp(line, inlined, strlen(inlined)) == 0) {
			indent = "        in ";
			line += strlen(inlined);
		}
		char *path = strstr(line, dot);
		if (path != NULL)
			printf("%s%.*s at %s\n", indent, (int)(path - line), line,
			       path + strlen(dot));
		else
			printf("%s%s\n", indent, line);
	}
}

/* False if the program could not be run, of which it has said why. */
static bool print_backtrace(const struct symbolizer *s, const uint64_t frames[], size_t count)
{
	static const char *const gnu[] = {"-f", "-i", "-p", "-C"};
	static const char *const llvm[] = {"--output-style=GNU", "-f", "-i", "-p"};
	char *words[FRAMES_MAX + 8], *output;
	size_t n = 0;

	words[n++] = duplicate(s->program);
	for (size_t i = 0; i < ARRAY_SIZE(gnu); i++)
		words[n++] = duplicate(s->is_llvm ? llvm[i] : gnu[i]);
	words[n++] = duplicate("-e");
	words[n++] = duplicate(s->elf);
	/* A return address lies behind the call; the first address is where it happened. */
	for (size_t i = 0; i < count; i++)
		words[n++] = text_of("0x%" PRIx64, frames[i] - (i > 0 && frames[i] > 0));
	words[n] = NULL;
	int status = process_read(words, NULL, &output);
	if (status == STATUS_OK) {
		puts("which is");
		print_lines(output);
	}
	free(output);
	while (n > 0)
		free(words[--n]);
	return status == STATUS_OK;
}

/* Copies stdin. A line that is longer than any backtrace comes in parts. */
static int copy(const struct symbolizer *s)
{
	char line[LINE_BYTES_MAX];
	uint64_t frames[FRAMES_MAX];
	bool found = false, good = true;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		fputs(line, stdout);
		size_t count = find_backtrace(line, frames);
		if (count == 0)
			continue;
		if (strchr(line, '\n') == NULL)
			putchar('\n');
		found = true;
		good = print_backtrace(s, frames, count) && good;
	}
	if (ferror(stdin)) {
		complain("the log could not be read: %s", strerror(errno));
		return STATUS_FAILED;
	}
	if (!found)
		complain("there is no backtrace in the log");
	int status = end_output();
	return found && good ? status : STATUS_FAILED;
}

/* The image says which program reads it: a name's beginning, never a path to anything else. */
static bool is_prefix(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(text) &&
	       text[0] != '-';
}

static bool choose_program(struct symbolizer *s, const struct manifest *m)
{
	static const char llvm[] = "llvm-symbolizer";

	if (!is_prefix(m->machine.cross)) {
		complain("the manifest in %s is damaged: \"cross\" must be like arm-none-eabi-",
			 m->path);
		return false;
	}
	s->program = text_of("%saddr2line", m->machine.cross);
	if (process_exists(s->program))
		return true;
	if (process_exists(llvm)) {
		free(s->program);
		s->program = duplicate(llvm);
		s->is_llvm = true;
		return true;
	}
	complain("neither %s nor %s is installed", s->program, llvm);
	return false;
}

/* A new string: the ELF that a manifest is of. Images are called like their folder. */
static char *elf_of(const struct manifest *m)
{
	if (!path_ends(m->path, ".json"))
		return duplicate(m->path);
	char *real = realpath(m->path, NULL);
	char *folder = path_folder(real != NULL ? real : m->path);
	char *elf = text_of("%s/%s.elf", folder, path_name(folder));
	free(folder);
	free(real);
	return elf;
}

static int symbolize(const char *image)
{
	struct symbolizer s = {0};
	struct manifest *m = manifest_load(image);

	if (m == NULL)
		return STATUS_FAILED;
	s.elf = elf_of(m);
	int status = STATUS_FAILED;
	if (!file_exists(s.elf))
		complain("%s, which holds the source lines, is not there", s.elf);
	else if (choose_program(&s, m))
		status = copy(&s);
	free(s.program);
	free(s.elf);
	manifest_free(m);
	return status;
}

int symbolize_main(int argc, char **argv)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	int option;

	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h')
			return print_help(symbolize_help);
		return complain_option(argc, argv, option, options);
	}
	if (optind == argc)
		return complain_usage("an image is missing, such as build/virt-arm/web/web.elf");
	if (optind + 1 < argc)
		return complain_usage("%s: unexpected word", argv[optind + 1]);
	return symbolize(argv[optind]);
}
