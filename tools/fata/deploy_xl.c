/* SPDX-License-Identifier: ISC */
/*
 * --format=xl: the configuration of a Xen guest (xl.cfg(5)). An x86-64 image carries the ELF note
 * by which Xen finds the entry of a PVH guest.
 */
#include <string.h>

#include "tools/fata/deploy.h"

static const char *refuse(const struct deployment *d)
{
	if (deploy_is_process(d))
		return "its image is a process of Linux; systemd fits";
	if (strcmp(d->manifest->arch, "x86_64") != 0)
		return "Xen starts x86-64 images only; qemu, libvirt, systemd and oci fit";
	if (d->kvm)
		return "--kvm is for QEMU; Xen uses the processor's virtualization anyway";
	if (strcmp(d->network_word, "--tap") == 0 || strcmp(d->network_word, "--publish") == 0)
		return "a Xen guest is connected to a bridge: use --bridge=BR";
	return NULL;
}

static void add_string(struct text *out, const char *key, const char *word)
{
	text_add(out, "%s = ", key);
	text_xl(out, word);
	text_add(out, "\n");
}

/* Without a bridge, the one that Xen's scripts take by themselves. */
static void add_cards(struct text *out, const struct deployment *d)
{
	if (d->card_count == 0)
		return;
	text_add(out, "vif = [");
	for (size_t i = 0; i < d->card_count; i++) {
		const struct deploy_card *card = &d->cards[i];
		text_add(out, "%s \"mac=%s", i > 0 ? "," : "", card->mac);
		if (card->network == DEPLOY_BRIDGE)
			text_add(out, ",bridge=%s", card->interface);
		text_add(out, "\"");
	}
	text_add(out, " ]\n");
}

static void write(const struct deployment *d, struct text *out)
{
	text_add(
		out,
		"# A Fata image as a Xen PVH guest. Written by fata deploy, which will overwrite "
		"changes.\n"
		"#\n"
		"# Xen loads and enters the image by its ELF note. Fata has no drivers for Xen's own\n"
		"# devices yet: its console is a UART, which a PVH guest does not have, so nothing is\n"
		"# printed, and without netfront a vif stays unused. Its interrupts and its timer need\n"
		"# what QEMU's microvm has; Xen's event channels are not used. Until there are drivers\n"
		"# do not expect this guest to serve anything.\n");
	add_string(out, "name", d->name);
	add_string(out, "type", "pvh");
	add_string(out, "kernel", d->kernel);
	if (d->args[0] != '\0')
		add_string(out, "cmdline", d->args);
	text_add(out, "memory = %llu\nvcpus = 1\n",
		 (unsigned long long)((d->memory_bytes + (1u << 20) - 1) >> 20));
	add_cards(out, d);
	add_string(out, "on_poweroff", "destroy");
	add_string(out, "on_reboot", "destroy");
	add_string(out, "on_crash", "destroy");
}

const struct deploy_format deploy_xl = {
	.name = "xl",
	.about = "the configuration of a Xen PVH guest (x86-64)",
	.next = "Then: xl create -c %",
	.refuse = refuse,
	.write = write,
};
