/* SPDX-License-Identifier: ISC */
/*
 * fata sdcard, disk, flash and debug: what make does for the same words, with their options handed
 * to it as variables.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/fata/fata.h"
#include "tools/fata/make.h"
#include "tools/fata/process.h"
#include "tools/fata/words.h"

/* How an option is said to make. */
struct setting {
	const char *variable;
	bool is_path; /* from the folder that fata was called in */
};

enum {
	OPTION_OUTPUT = 256,
	OPTION_DISK,
	OPTION_FIRMWARE,
	OPTION_MIB,
	OPTION_OPENOCD,
	OPTION_JTAG,
	OPTION_PORT,
	OPTION_MEM,
	OPTION_TAP,
	OPTION_PCAP,
	OPTION_KVM,
	OPTIONS_END
};

static const struct setting settings[OPTIONS_END - OPTION_OUTPUT] = {
	[OPTION_OUTPUT - OPTION_OUTPUT] = {"CARD", true},
	[OPTION_DISK - OPTION_OUTPUT] = {"DISK", true},
	[OPTION_FIRMWARE - OPTION_OUTPUT] = {"FIRMWARE", true},
	[OPTION_MIB - OPTION_OUTPUT] = {"MIB", false},
	[OPTION_OPENOCD - OPTION_OUTPUT] = {"OPENOCD", false},
	[OPTION_JTAG - OPTION_OUTPUT] = {"JTAG", false},
	[OPTION_PORT - OPTION_OUTPUT] = {"PORT", false},
	[OPTION_MEM - OPTION_OUTPUT] = {"MEM", false},
	[OPTION_TAP - OPTION_OUTPUT] = {"TAP", false},
	[OPTION_PCAP - OPTION_OUTPUT] = {"PCAP", true},
	[OPTION_KVM - OPTION_OUTPUT] = {"KVM", false},
};

/* The values of a call; a switch has "1". */
struct values {
	const char *of[OPTIONS_END - OPTION_OUTPUT];
};

static void set(struct make *m, const struct setting *s, const char *value)
{
	char *folder = s->is_path && value[0] != '/' ? getcwd(NULL, 0) : NULL;
	char *text = folder != NULL ? text_of("%s/%s", folder, value) : duplicate(value);

	make_set(m, s->variable, text);
	free(text);
	free(folder);
}

static int become_make(struct make *m, const char *target, const struct values *v, char *args)
{
	int status = make_prepare(m, target, false);

	if (status != STATUS_OK)
		return status;
	make_set(m, "CALLER", "fata");
	make_set(m, "ARGS", args);
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		if (v->of[i] != NULL)
			set(m, &settings[i], v->of[i]);
	}
	return process_become(m->words);
}

static int hardware(int argc, char **argv, const struct option *options, const char *help)
{
	struct values v = {0};
	struct make m = {0};
	int option;

	while ((option = getopt_long(argc, argv, "+" MAKE_SHORT_OPTIONS, options, NULL)) != -1) {
		if (option >= OPTION_OUTPUT && option < OPTIONS_END) {
			v.of[option - OPTION_OUTPUT] = optarg != NULL ? optarg : "1";
			continue;
		}
		int status = make_option(&m, option, argc, argv, options, help);
		if (status >= 0)
			return status;
	}
	if (optind < argc && strcmp(argv[optind - 1], "--") != 0)
		return complain_usage("%s: unexpected word; boot arguments stand behind --",
				      argv[optind]);
	char *args = words_join(argv + optind, argc - optind);
	return args != NULL ? become_make(&m, argv[0], &v, args) : STATUS_BAD_USAGE;
}

static const char sdcard_help[] =
	"Usage: fata sdcard [OPTION]... [-- ARGUMENT...]\n"
	"\n"
	"Builds the image and writes the memory card that the board starts from, as a file:\n"
	"build/BOARD/APP/sdcard.img. ARGUMENTs are boot arguments.\n"
	"\n"
	"  --firmware=DIR        put the firmware's files onto it, from this folder\n"
	"  --output=FILE         write it there\n"
	"  --mib=SIZE            its size in MiB: 128, or a larger power of two\n"
	"\n" MAKE_OPTIONS_HELP;

int sdcard_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"firmware", required_argument, NULL, OPTION_FIRMWARE},
		{"output", required_argument, NULL, OPTION_OUTPUT},
		{"mib", required_argument, NULL, OPTION_MIB},
		MAKE_LONG_OPTIONS,
		{0}};

	return hardware(argc, argv, options, sdcard_help);
}

static const char disk_help[] =
	"Usage: fata disk [OPTION]... [-- ARGUMENT...]\n"
	"\n"
	"Builds the image and writes a disk with GRUB that a PC with a BIOS starts, as a file:\n"
	"build/BOARD/APP/disk.img. ARGUMENTs are boot arguments.\n"
	"\n"
	"  --output=FILE         write it there\n"
	"  --mib=SIZE            its size in MiB: 64, or a larger power of two\n"
	"\n" MAKE_OPTIONS_HELP;

int disk_main(int argc, char **argv)
{
	static const struct option options[] = {{"output", required_argument, NULL, OPTION_DISK},
						{"mib", required_argument, NULL, OPTION_MIB},
						MAKE_LONG_OPTIONS,
						{0}};

	return hardware(argc, argv, options, disk_help);
}

static const char flash_help[] =
	"Usage: fata flash [OPTION]... [-- ARGUMENT...]\n"
	"\n"
	"Builds the image and programs it into the board's flash memory, with OpenOCD. ARGUMENTs\n"
	"are boot arguments.\n"
	"\n"
	"  --openocd=OPTIONS     options for OpenOCD instead of those of the board\n"
	"\n" MAKE_OPTIONS_HELP;

int flash_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"openocd", required_argument, NULL, OPTION_OPENOCD}, MAKE_LONG_OPTIONS, {0}};

	return hardware(argc, argv, options, flash_help);
}

static const char debug_help[] =
	"Usage: fata debug [OPTION]... [-- ARGUMENT...]\n"
	"\n"
	"Builds the image and starts it under gdb: QEMU halts before its first instruction (board\n"
	"host: gdb starts the process). ARGUMENTs are boot arguments. Where no terminal is, the\n"
	"commands are printed.\n"
	"\n"
	"  --jtag                the board itself, with OpenOCD\n"
	"  --openocd=OPTIONS     options for OpenOCD instead of those of the board\n"
	"  --port=PORT           reach its HTTP server at this port (default: 8080 if free)\n"
	"  --mem=SIZE            memory of the machine, such as 64M\n"
	"  --tap=NAME            use this tap interface instead of user networking\n"
	"  --pcap=FILE           write its packets to FILE\n"
	"  --kvm                 use the processor's virtualization\n"
	"\n" MAKE_OPTIONS_HELP;

int debug_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"jtag", no_argument, NULL, OPTION_JTAG},
		{"openocd", required_argument, NULL, OPTION_OPENOCD},
		{"port", required_argument, NULL, OPTION_PORT},
		{"mem", required_argument, NULL, OPTION_MEM},
		{"tap", required_argument, NULL, OPTION_TAP},
		{"pcap", required_argument, NULL, OPTION_PCAP},
		{"kvm", no_argument, NULL, OPTION_KVM},
		MAKE_LONG_OPTIONS,
		{0}};

	return hardware(argc, argv, options, debug_help);
}
