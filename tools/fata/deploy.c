/* SPDX-License-Identifier: ISC */
/*
 * fata deploy: writes what a hypervisor, an init system or a container runtime starts an image
 * from.
 */
#include "tools/fata/deploy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/fata/fata.h"
#include "tools/fata/file.h"

static const struct deploy_format *const formats[] = {&deploy_qemu, &deploy_libvirt, &deploy_xl,
						      &deploy_systemd, &deploy_oci};

static const char help_head[] =
	"Usage: fata deploy --format=FORMAT [-o OUT] [OPTION]... IMAGE\n"
	"\n"
	"Writes the files with which IMAGE (.elf, .img, or the folder with its manifest.json) is\n"
	"deployed.\n"
	"\n"
	"Formats:\n";
static const char help_tail[] =
	"\n"
	"Options:\n"
	"  -o, --output=OUT      the file, or for oci the folder, to write (default: stdout)\n"
	"      --args=ARGS       boot arguments, such as --args='--port=8080 --log=*:debug'\n"
	"      --name=NAME       name of the machine (default: the application's)\n"
	"      --memory=SIZE     memory of the machine, such as 64M (default: the board's)\n"
	"      --publish=[ADDRESS:]HOSTPORT:GUESTPORT[/udp]\n"
	"                        with user networking, a port of the host that leads to the guest,\n"
	"                        on 127.0.0.1 without ADDRESS; once for each port, or 'none'\n"
	"                        (default: every port that the image listens on, those below 1024\n"
	"                        moved up by 8000)\n"
	"      --tap=IFACE       connect to this tap, once for each network interface\n"
	"      --bridge=BR       connect to this bridge, once for each network interface\n"
	"      --kvm             use the processor's virtualization\n"
	"  -h, --help            show this help\n";

static int help(void)
{
	fputs(help_head, stdout);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		printf("  %-10s %s\n", formats[i]->name, formats[i]->about);
	return print_help(help_tail);
}

/* A new string: "qemu, libvirt, …" */
static char *format_list(void)
{
	struct text t = {0};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		text_add(&t, "%s%s", i > 0 ? ", " : "", formats[i]->name);
	return t.chars;
}

/* NULL after a message. */
static const struct deploy_format *find_format(const char *name)
{
	const char *names[ARRAY_SIZE(formats) + 1] = {0};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
		names[i] = formats[i]->name;
	}
	const char *meant = nearest(name, names);
	char *list = format_list();
	complain_usage("--format=%s: there is no such format%s%s%s. The formats are: %s", name,
		       meant != NULL ? "; did you mean '" : "", meant != NULL ? meant : "",
		       meant != NULL ? "'?" : "", list);
	free(list);
	return NULL;
}

/* The file that the board boots: IMAGE with the ending that the board's QEMU wants. */
static bool find_kernel(struct deployment *d, const char *image)
{
	const struct manifest *m = d->manifest;
	const char *ending = m->machine.kernel[0] != '\0' ? m->machine.kernel : ".elf";
	char *file, *folder = NULL;

	if (strchr(m->name, '/') != NULL || strchr(ending, '/') != NULL) {
		complain("%s names a file of another folder", m->path);
		return false;
	}
	if (folder_exists(image))
		folder = duplicate(image);
	else if (path_ends(image, ".json"))
		folder = path_folder(image);
	file = folder != NULL ? text_of("%s/%s%s", folder, m->name, ending)
			      : path_with_suffix(image, ending);
	free(folder);
	d->kernel = realpath(file, NULL);
	if (d->kernel == NULL)
		complain("%s, which board %s boots: %s", file, m->board, strerror(errno));
	free(file);
	return d->kernel != NULL && deploy_check_text("the path of the image", d->kernel);
}

static bool find_folder(struct deployment *d)
{
	if (d->out == NULL)
		return true;
	char *folder = path_folder(d->out);
	d->folder = realpath(folder, NULL);
	if (d->folder == NULL)
		complain("%s: %s", folder, strerror(errno));
	free(folder);
	return d->folder != NULL && deploy_check_text("the path of the output", d->folder);
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat s, t;

	return stat(a, &s) == 0 && stat(b, &t) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

/* OUT must be no part of the image: neither what it is made from nor a form of it beside that. */
static bool check_out(const struct deployment *d, const char *image)
{
	char *folder = path_folder(d->kernel);
	char *beside[] = {text_of("%s/manifest.json", folder), path_with_suffix(d->kernel, ".elf"),
			  path_with_suffix(d->kernel, ".img"), path_with_suffix(d->kernel, ".bin")};
	bool is_part = d->out != NULL && is_same_file(d->out, image);

	for (size_t i = 0; i < ARRAY_SIZE(beside); i++) {
		is_part |= d->out != NULL && is_same_file(d->out, beside[i]);
		free(beside[i]);
	}
	free(folder);
	if (is_part)
		complain("%s is part of the image; give another file by -o OUT", d->out);
	return !is_part;
}

/* Whoever may read the file may run it. */
static bool make_executable(FILE *f)
{
	struct stat s;

	if (fstat(fileno(f), &s) != 0 || !S_ISREG(s.st_mode))
		return true;
	return fchmod(fileno(f), (s.st_mode & 0777) | (s.st_mode & 0444) >> 2) == 0;
}

static bool write_out(const char *path, const struct text *t, bool is_executable)
{
	FILE *f = path != NULL ? fopen(path, "we") : stdout;
	bool is_good = f != NULL && fwrite(t->chars, 1, t->size, f) == t->size && fflush(f) == 0;

	if (is_good && path != NULL && is_executable)
		is_good = make_executable(f);
	if (f != NULL && f != stdout)
		is_good = fclose(f) == 0 && is_good;
	if (!is_good)
		complain("%s: %s", path != NULL ? path : "the output", strerror(errno));
	return is_good;
}

/* Says what was written and what comes next. */
static int say_next(const struct deploy_format *f, const char *out)
{
	struct text word = {0};

	text_shell(&word, out);
	printf("Wrote %s. ", word.chars);
	for (const char *at = f->next; *at != '\0'; at++) {
		if (*at == '%')
			fputs(word.chars, stdout);
		else
			putchar(*at);
	}
	putchar('\n');
	text_free(&word);
	return end_output();
}

static int write_format(const struct deploy_format *f, const struct deployment *d)
{
	const char *refusal = f->refuse(d);
	bool is_good;

	if (refusal != NULL) {
		complain("--format=%s does not fit board %s so: %s", f->name, d->manifest->board,
			 refusal);
		return STATUS_FAILED;
	}
	if (f->write_folder != NULL) {
		is_good = f->write_folder(d, d->out);
	} else {
		struct text t = {0};
		f->write(d, &t);
		is_good = write_out(d->out, &t, f->is_executable);
		text_free(&t);
	}
	if (!is_good)
		return STATUS_FAILED;
	return d->out != NULL ? say_next(f, d->out) : STATUS_OK;
}

static int check_and_write(struct deployment *d, const struct deploy_format *f, const char *image,
			   const char *args)
{
	if (d->name == NULL)
		d->name = d->manifest->name;
	if (!deploy_check_name(d->name))
		return STATUS_FAILED;
	int status = deploy_take_args(d, args);
	if (status != STATUS_OK)
		return status;
	if (!find_kernel(d, image) || !find_folder(d) || !check_out(d, image) ||
	    !deploy_complete(d, f->publishes))
		return STATUS_FAILED;
	return write_format(f, d);
}

static int deploy(struct deployment *d, const struct deploy_format *f, const char *image,
		  const char *args)
{
	struct manifest *m = manifest_load(image);

	if (m == NULL)
		return STATUS_FAILED;
	d->manifest = m;
	int status = check_and_write(d, f, image, args);
	for (int i = 0; i < d->word_count; i++)
		free(d->words[i]);
	free(d->words);
	free(d->args);
	free(d->kernel);
	free(d->folder);
	manifest_free(m);
	return status;
}

enum {
	OPTION_ARGS = 256,
	OPTION_BRIDGE,
	OPTION_FORMAT,
	OPTION_KVM,
	OPTION_MEMORY,
	OPTION_NAME,
	OPTION_PUBLISH,
	OPTION_TAP,
};

static const struct option options[] = {
	{"args", required_argument, NULL, OPTION_ARGS},
	{"bridge", required_argument, NULL, OPTION_BRIDGE},
	{"format", required_argument, NULL, OPTION_FORMAT},
	{"help", no_argument, NULL, 'h'},
	{"kvm", no_argument, NULL, OPTION_KVM},
	{"memory", required_argument, NULL, OPTION_MEMORY},
	{"name", required_argument, NULL, OPTION_NAME},
	{"output", required_argument, NULL, 'o'},
	{"publish", required_argument, NULL, OPTION_PUBLISH},
	{"tap", required_argument, NULL, OPTION_TAP},
	{0},
};

/* Any option but --args; false after a message. */
static bool take(struct deployment *d, const struct deploy_format **format, int option)
{
	switch (option) {
	case OPTION_BRIDGE:
		return deploy_take_card(d, DEPLOY_BRIDGE, optarg);
	case OPTION_FORMAT:
		*format = find_format(optarg);
		return *format != NULL;
	case OPTION_KVM:
		d->kvm = true;
		return true;
	case OPTION_MEMORY:
		return deploy_take_memory(d, optarg);
	case OPTION_NAME:
		d->name = optarg;
		return true;
	case OPTION_PUBLISH:
		return deploy_take_port(d, optarg);
	case OPTION_TAP:
		return deploy_take_card(d, DEPLOY_TAP, optarg);
	default:
		d->out = strcmp(optarg, "-") == 0 ? NULL : optarg;
		return true;
	}
}

int deploy_main(int argc, char **argv)
{
	struct deployment d = {.network_word = ""};
	const struct deploy_format *format = NULL;
	const char *args = "";
	int option;

	while ((option = getopt_long(argc, argv, ":ho:", options, NULL)) != -1) {
		if (option == 'h')
			return help();
		if (option == '?' || option == ':')
			return complain_option(argc, argv, option, options);
		if (option == OPTION_ARGS)
			args = optarg;
		else if (!take(&d, &format, option))
			return STATUS_BAD_USAGE;
	}
	if (format == NULL)
		return complain_usage("--format=FORMAT is missing, such as --format=qemu");
	if (optind == argc)
		return complain_usage("an image is missing, such as build/virt-arm/web/web.elf");
	if (optind < argc - 1)
		return complain_usage("%s: there can be one image only", argv[optind + 1]);
	if (format->write_folder != NULL && d.out == NULL)
		return complain_usage("--format=%s writes a folder: give it by -o OUT",
				      format->name);
	return deploy(&d, format, argv[optind], args);
}
