/* SPDX-License-Identifier: ISC */
/*
 * What a container image says about itself (image-spec 1.1, "Image Configuration"), and to urunc.
 *
 * urunc takes its settings from annotations of the image's manifest, from labels of its
 * configuration or from /urunc.json, whose values are in base 64; which of them reach it depends on
 * the container engine, so they stand in all three. On a 64-bit Arm host it runs QEMU's machine
 * virt, as the board does. It has a fixed list of unikernels. Of these "mirage" fits best: its boot
 * arguments are the container's command, behind --ipv4=ADDRESS/BITS and --ipv4-gateway=ADDRESS
 * where the container has a network, so an image with a network needs keys of these names.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/fata/deploy_oci.h"
#include "tools/fata/fata.h"

struct platform {
	const char *arch, *oci_arch, *variant;
};

static const struct platform platforms[] = {
	{"aarch64", "arm64", "v8"},
	{"armv7a", "arm", "v7"},
	{"x86_64", "amd64", ""},
};

static const struct platform *platform_of(const struct deployment *d)
{
	for (size_t i = 0; i < ARRAY_SIZE(platforms); i++) {
		if (strcmp(platforms[i].arch, d->manifest->arch) == 0)
			return &platforms[i];
	}
	return NULL;
}

bool oci_has_platform(const struct deployment *d)
{
	return platform_of(d) != NULL;
}

static void set(json_t *object, const char *key, const char *word)
{
	json_object_set_new(object, key, json_string(word));
}

/* Engines take images for Linux only, whatever is in them. */
static void add_platform(json_t *to, const struct deployment *d)
{
	const struct platform *p = platform_of(d);

	set(to, "architecture", p->oci_arch);
	set(to, "os", "linux");
	if (p->variant[0] != '\0')
		set(to, "variant", p->variant);
}

json_t *oci_platform(const struct deployment *d)
{
	json_t *platform = json_object();

	add_platform(platform, d);
	return platform;
}

/* x86-64 it starts on QEMU's PC, whose virtio devices are on PCI, and 32-bit Arm not at all. */
static bool is_for_urunc(const struct deployment *d)
{
	struct qemu_machine q;

	qemu_machine_parse(&q, d);
	bool is_virt = strcmp(q.type, "virt") == 0;
	qemu_machine_free(&q);
	return is_virt && strcmp(d->manifest->arch, "aarch64") == 0;
}

json_t *oci_urunc_settings(const struct deployment *d)
{
	json_t *settings = json_object();

	if (!is_for_urunc(d))
		return settings;
	set(settings, "com.urunc.unikernel.unikernelType", "mirage");
	set(settings, "com.urunc.unikernel.unikernelVersion", d->manifest->fata);
	set(settings, "com.urunc.unikernel.hypervisor", "qemu");
	set(settings, "com.urunc.unikernel.binary", "/" OCI_KERNEL_PATH);
	set(settings, "com.urunc.unikernel.mountRootfs", "false");
	/* For versions before 0.7; later ones take the configuration's Cmd. */
	if (d->args[0] != '\0')
		set(settings, "com.urunc.unikernel.cmdline", d->args);
	return settings;
}

json_t *oci_urunc_file(json_t *settings)
{
	json_t *file = json_object(), *value;
	const char *key;

	json_object_foreach(settings, key, value)
	{
		struct text t = {0};
		text_base64(&t, json_string_value(value));
		set(file, key, t.chars != NULL ? t.chars : "");
		text_free(&t);
	}
	return file;
}

/* The words of the boot arguments with their quotes; urunc joins them with blanks again. */
static json_t *command_words(const char *args)
{
	json_t *words = json_array();

	for (args += strspn(args, " "); *args != '\0'; args += strspn(args, " ")) {
		size_t n = 0;
		bool is_quoted = false;
		for (; args[n] != '\0' && (is_quoted || args[n] != ' '); n++)
			is_quoted ^= args[n] == '"';
		json_array_append_new(words, json_stringn(args, n));
		args += n;
	}
	/* Engines start nothing without a command; this word every image ignores. */
	if (json_array_size(words) == 0)
		json_array_append_new(words, json_string("console=ttyAMA0"));
	return words;
}

static json_t *exposed_ports(const struct deployment *d)
{
	json_t *ports = json_object();

	for (size_t i = 0; i < d->port_count; i++) {
		char *port = text_of("%u/%s", d->ports[i].guest, d->ports[i].protocol);
		json_object_set_new(ports, port, json_object());
		free(port);
	}
	return ports;
}

json_t *oci_configuration(const struct deployment *d, const char *diff_id, json_t *settings)
{
	json_t *config = json_object(), *run = json_object();

	if (d->port_count > 0)
		json_object_set_new(run, "ExposedPorts", exposed_ports(d));
	json_object_set_new(run, "Cmd", command_words(d->args));
	if (json_object_size(settings) > 0)
		json_object_set(run, "Labels", settings);
	set(config, "created", "1970-01-01T00:00:00Z");
	add_platform(config, d);
	json_object_set_new(config, "config", run);
	json_object_set_new(config, "rootfs",
			    json_pack("{s:s, s:[s]}", "type", "layers", "diff_ids", diff_id));
	return config;
}
