/* SPDX-License-Identifier: ISC */
/*
 * fata run: builds with make, then becomes tools/run.py, so that Ctrl-C and the status of the image
 * reach whom they are for.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/fata/fata.h"
#include "tools/fata/make.h"
#include "tools/fata/process.h"
#include "tools/fata/words.h"

static const char run_help[] =
	"Usage: fata run [OPTION]... [-- ARGUMENT...]\n"
	"\n"
	"Builds the image, boots it in QEMU (board host: as a process) and shows its console.\n"
	"Ctrl-C ends it. ARGUMENTs are boot arguments: fata run -- --log=debug, or --help for a\n"
	"list of them. The exit status is the image's.\n"
	"\n"
	"  --port=PORT           reach its HTTP server at this port (default: 8080 if free)\n"
	"  --mem=SIZE            memory of the machine, such as 64M\n"
	"  --tap=NAME            use this tap interface instead of user networking\n"
	"  --pcap=FILE           write its packets to FILE\n"
	"  --disk=FILE           FILE, of raw sectors, is the machine's first disk\n"
	"  --disk=dir:FOLDER     a FAT volume made of FOLDER is, anew at each start\n"
	"  --disk=tar:FOLDER     a tar archive of FOLDER is\n"
	"  --kvm                 use the processor's virtualization\n"
	"  --debug               wait for gdb\n"
	"\n" MAKE_OPTIONS_HELP;

enum {
	OPTION_PORT = 256,
	OPTION_MEM,
	OPTION_TAP,
	OPTION_PCAP,
	OPTION_DISK,
	OPTION_KVM,
	OPTION_DEBUG
};

static const struct option options[] = {{"port", required_argument, NULL, OPTION_PORT},
					{"mem", required_argument, NULL, OPTION_MEM},
					{"tap", required_argument, NULL, OPTION_TAP},
					{"pcap", required_argument, NULL, OPTION_PCAP},
					{"disk", required_argument, NULL, OPTION_DISK},
					{"kvm", no_argument, NULL, OPTION_KVM},
					{"debug", no_argument, NULL, OPTION_DEBUG},
					MAKE_LONG_OPTIONS,
					{0}};

/* What tools/run.py is told. */
struct machine {
	const char *port, *mem, *tap, *pcap, *disk;
	bool kvm, debug;
	char *args;
};

static int check_port(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || n < 1 || n > 65535)
		return complain_usage("--port=%s: expected a number from 1 to 65535", text);
	return -1;
}

/* A number with K, M or G behind it, as QEMU takes it. */
static int check_mem(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;

	if (digits == 0 || text[0] == '0' ||
	    (unit[0] != '\0' && (strchr("kKmMgG", unit[0]) == NULL || unit[1] != '\0')))
		return complain_usage("--mem=%s: expected a size such as 64M", text);
	return -1;
}

/* -1: go on. */
static int take_option(struct make *m, struct machine *machine, int option, int argc, char **argv)
{
	switch (option) {
	case OPTION_PORT:
		machine->port = optarg;
		return check_port(optarg);
	case OPTION_MEM:
		machine->mem = optarg;
		return check_mem(optarg);
	case OPTION_TAP:
		machine->tap = optarg;
		return -1;
	case OPTION_PCAP:
		machine->pcap = optarg;
		return -1;
	case OPTION_DISK:
		machine->disk = optarg;
		return -1;
	case OPTION_KVM:
		machine->kvm = true;
		return -1;
	case OPTION_DEBUG:
		machine->debug = true;
		return -1;
	default:
		return make_option(m, option, argc, argv, options, run_help);
	}
}

static void add(char **words, size_t *n, const char *name, const char *value)
{
	if (value != NULL)
		words[(*n)++] = text_of("--%s=%s", name, value);
}

static int boot(const struct make *m, const struct machine *machine)
{
	char *words[14];
	size_t n = 0;

	words[n++] = duplicate(process_python());
	words[n++] = text_of("%s/tools/run.py", m->tree.root);
	words[n++] = text_of("%s/manifest.json", app_output(&m->app, m->board));
	add(words, &n, "caller", "fata");
	add(words, &n, "args", machine->args);
	add(words, &n, "port", machine->port);
	add(words, &n, "mem", machine->mem);
	add(words, &n, "tap", machine->tap);
	add(words, &n, "pcap", machine->pcap);
	add(words, &n, "disk", machine->disk);
	add(words, &n, "kvm", machine->kvm ? "1" : NULL);
	add(words, &n, "debug", machine->debug ? "1" : NULL);
	words[n] = NULL;
	return process_become(words);
}

int run_main(int argc, char **argv)
{
	struct machine machine = {0};
	struct make m = {0};
	int option;

	while ((option = getopt_long(argc, argv, "+" MAKE_SHORT_OPTIONS, options, NULL)) != -1) {
		int status = take_option(&m, &machine, option, argc, argv);
		if (status >= 0)
			return status;
	}
	if (optind < argc && strcmp(argv[optind - 1], "--") != 0)
		return complain_usage("%s: unexpected word; boot arguments stand behind --",
				      argv[optind]);
	machine.args = words_join(argv + optind, argc - optind);
	if (machine.args == NULL)
		return STATUS_BAD_USAGE;
	int status = make_prepare(&m, "all", false);
	if (status == STATUS_OK)
		status = process_run(m.words);
	return status == STATUS_OK ? boot(&m, &machine) : status;
}
